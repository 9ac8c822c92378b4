/**
 * How the outside asks the ledger: finds the partition that owns a user and asks its committed state. Knows no HTTP.
 */
@NullMarked
package io.tally.gateway;

import org.jspecify.annotations.NullMarked;

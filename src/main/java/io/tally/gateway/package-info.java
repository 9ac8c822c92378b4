/**
 * How the outside uses the ledger: sends commands and awaits their outcomes, asks the committed state of the partition that
 * owns a user, wherever it is, follows committed outcomes, reads dead letters and looks at the cluster. Knows no HTTP.
 */
@NullMarked
package io.tally.gateway;

import org.jspecify.annotations.NullMarked;

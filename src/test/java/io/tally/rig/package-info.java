/**
 * What integration tests stand on: a real broker in this process, real clients, the ledger in this process or its own. And
 * the golden files, which tests of several floors compare with.
 */
@NullMarked
package io.tally.rig;

import org.jspecify.annotations.NullMarked;

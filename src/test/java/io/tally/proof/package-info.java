/**
 * The independent checker: a plain model of the ledger and an audit that replays the input through it.
 *
 * <p>Written from the contract alone. Nothing in here may import the ledger's own code, so that one misunderstanding
 * cannot hide on both sides. Plain maps and decimals, no attention to speed.
 */
@NullMarked
package io.tally.proof;

import org.jspecify.annotations.NullMarked;

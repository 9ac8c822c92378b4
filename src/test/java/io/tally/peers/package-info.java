/**
 * What the ledger is compared with, on the same machine and with the same commands: others do the same work another way, or
 * less of it. Each is a program of its own, is given what is best for it, and has its results checked: whoever is wrong is
 * no peer.
 *
 * <p>A run takes all of them by turns, several times, and compares rates of one round only.
 */
@NullMarked
package io.tally.peers;

import org.jspecify.annotations.NullMarked;

/** What proofs are made with: a seeded stream of commands, good and bad. */
@NullMarked
package io.tally.proof;

import org.jspecify.annotations.NullMarked;

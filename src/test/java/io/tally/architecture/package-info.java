/**
 * Holds the floors: which package may import which, and which library lives where.
 *
 * <p>{@link io.tally.architecture.Floors} states the rules for any root package, so that they are checked twice: on
 * Tally, which must keep them, and on {@code wrong}, where each is broken on purpose, so that a rule which has stopped
 * to bite turns the build red.
 */
@NullMarked
package io.tally.architecture;

import org.jspecify.annotations.NullMarked;

package io.tally.store;

import org.jspecify.annotations.Nullable;

/**
 * What came of asking a partition's committed state.
 *
 * @param <R> what was asked for
 */
public sealed interface Reading<R> {
    /**
     * The partition answered.
     *
     * @param value what it found, or null for nothing
     */
    record Answered<R>(@Nullable R value) implements Reading<R> {}

    /**
     * The partition is not here, or not restored, or not far enough.
     *
     * @param reason for people
     */
    record Refused<R>(String reason) implements Reading<R> {}
}

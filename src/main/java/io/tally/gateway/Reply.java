package io.tally.gateway;

import io.tally.stream.Instance;

/**
 * What the owner of a user answered.
 *
 * @param <T> what was asked for
 */
public sealed interface Reply<T> {
    /** It exists. */
    record Found<T>(T value) implements Reply<T> {}

    /** It does not exist, in a state that the owner has committed. */
    record Absent<T>() implements Reply<T> {}

    /**
     * Another instance answers for it.
     *
     * @param owner which one, as far as this one has heard
     */
    record Elsewhere<T>(Instance owner) implements Reply<T> {}

    /**
     * Nobody can say now: the partition is moving or being restored. Ask again.
     *
     * @param reason for people
     */
    record Unavailable<T>(String reason) implements Reply<T> {}
}

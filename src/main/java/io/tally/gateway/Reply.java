package io.tally.gateway;

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
     * Nobody can say now: the partition is moving or being restored. Ask again.
     *
     * @param reason for people
     */
    record Unavailable<T>(String reason) implements Reply<T> {}
}

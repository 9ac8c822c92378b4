package io.tally.gateway;

import io.tally.stream.InstanceAddress;

/**
 * The answer to a question about committed state.
 *
 * @param <T> what was asked for
 */
public sealed interface Reply<T> {
    /** It exists. */
    record Found<T>(T value) implements Reply<T> {}

    /** It does not exist in the committed state. */
    record Absent<T>() implements Reply<T> {}

    /**
     * Another instance answers for it.
     *
     * @param owner which one, as far as this one has heard
     */
    record Elsewhere<T>(InstanceAddress owner) implements Reply<T> {}

    /**
     * It cannot be answered now, for example as a partition is moving or being restored. Ask again.
     *
     * @param reason for people
     */
    record Unavailable<T>(String reason) implements Reply<T> {}
}

package io.tally.gateway.webhook;

/**
 * What came of a change.
 *
 * @param <T> what it brings
 */
public sealed interface Changed<T> {
    /** It is committed, or there was nothing to change. */
    record Made<T>(T value) implements Changed<T> {}

    /** There is no such endpoint. */
    record Absent<T>() implements Changed<T> {}

    /** It is not allowed, in the state that is committed. */
    record Refused<T>(Refusal why) implements Changed<T> {}

    /**
     * Kafka does not take it now, and nothing was written. Try again.
     *
     * @param reason for people
     */
    record Unavailable<T>(String reason) implements Changed<T> {}

    /** It may have been written: look at the endpoint. */
    record Unknown<T>() implements Changed<T> {}
}

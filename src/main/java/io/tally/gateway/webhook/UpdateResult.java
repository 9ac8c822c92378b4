package io.tally.gateway.webhook;

/**
 * What came of a change.
 *
 * @param <T> what it brings
 */
public sealed interface UpdateResult<T> {
    /** It is committed, or there was nothing to change. */
    record Made<T>(T value) implements UpdateResult<T> {}

    /** There is no such endpoint. */
    record Absent<T>() implements UpdateResult<T> {}

    /** It is not allowed, in the state that is committed. */
    record Refused<T>(UpdateRefusal why) implements UpdateResult<T> {}

    /**
     * Kafka does not take it now, and nothing was written. Try again.
     *
     * @param reason for people
     */
    record Unavailable<T>(String reason) implements UpdateResult<T> {}

    /** It may have been written: look at the endpoint. */
    record Unknown<T>() implements UpdateResult<T> {}
}

package io.tally.gateway;

import io.tally.wire.DeadLetterNote;
import org.jspecify.annotations.Nullable;

/**
 * A committed record of the dead-letter topic.
 *
 * @param recordedAt the record's time, milliseconds since 1970 UTC; any number in what others have written
 * @param key the bytes as they are; hostile
 * @param value the bytes as they are; hostile
 */
public record StoredDeadLetter(
        int partition,
        long offset,
        long recordedAt,
        DeadLetterNote note,
        byte @Nullable [] key,
        byte @Nullable [] value) {
    /** What the object takes beside key and value, about. */
    private static final int OVERHEAD_BYTES = 512;

    /** What it takes in memory, about. */
    int bytes() {
        return OVERHEAD_BYTES + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}

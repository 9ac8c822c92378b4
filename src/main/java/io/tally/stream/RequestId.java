package io.tally.stream;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Names one synchronous request in the header of its record, so that the decision finds the caller who waits. Not the uid:
 * another client may send the same one with other content.
 *
 * @param process random, of the process that waits
 * @param number counts its requests
 */
public record RequestId(long process, long number) {
    private static final String HEADER = "tally.request";

    /** Marks a record. */
    public void addTo(Headers headers) {
        headers.add(
                HEADER,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(process)
                        .putLong(number)
                        .array());
    }

    /** The id that a record is marked with, or null when it has none or something else under the name. */
    static @Nullable RequestId of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null || header.value().length != 2 * Long.BYTES) {
            return null;
        }
        ByteBuffer value = ByteBuffer.wrap(header.value());
        return new RequestId(value.getLong(), value.getLong());
    }
}

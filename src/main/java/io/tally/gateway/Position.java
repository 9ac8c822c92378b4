package io.tally.gateway;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A place in the input that a client can ask to be read past. Opaque to clients.
 *
 * @param partition of the input
 * @param offset of a record
 */
public record Position(int partition, long offset) {
    private static final long MAX_OFFSET = Long.MAX_VALUE - 1;
    private static final int BYTES = Integer.BYTES + Long.BYTES;

    /** The form that clients hold. */
    public String toText() {
        byte[] bytes =
                ByteBuffer.allocate(BYTES).putInt(partition).putLong(offset).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Reads the clients' form; null when it is none of ours. */
    public static @Nullable Position parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() != BYTES) {
                return null;
            }
            Position position = new Position(bytes.getInt(), bytes.getLong());
            return position.partition() < 0 || position.offset() < 0 || position.offset() > MAX_OFFSET
                    ? null
                    : position;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

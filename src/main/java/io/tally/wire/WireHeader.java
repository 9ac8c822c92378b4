package io.tally.wire;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record header.
 *
 * @param key its name; a record may carry a name several times
 * @param value its bytes, which are shared and must not be changed; Kafka allows null
 */
public record WireHeader(String key, byte @Nullable [] value) {
    public WireHeader {
        Objects.requireNonNull(key, "key");
    }

    static WireHeader ascii(String key, String value) {
        return new WireHeader(key, AsciiBuffer.ascii(value));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WireHeader header && key.equals(header.key) && Arrays.equals(value, header.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }
}

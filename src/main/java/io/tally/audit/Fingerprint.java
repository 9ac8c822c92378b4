package io.tally.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A key and a value in short, to be compared when the other side has been read: 128 bits of SHA-256.
 *
 * @param keyCut whether the key was longer than what is kept of it, as is {@code valueCut} of the value
 */
record Fingerprint(long high, long low, boolean keyCut, boolean valueCut) {
    /** @param maxKey how much counts of the key in bytes, as {@code maxValue} of the value */
    static Fingerprint of(byte @Nullable [] key, byte @Nullable [] value, int maxKey, int maxValue) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer lengths = ByteBuffer.allocate(8)
                    .putInt(key == null ? -1 : Math.min(key.length, maxKey))
                    .putInt(value == null ? -1 : Math.min(value.length, maxValue));
            digest.update(lengths.flip());
            if (key != null) {
                digest.update(key, 0, Math.min(key.length, maxKey));
            }
            if (value != null) {
                digest.update(value, 0, Math.min(value.length, maxValue));
            }
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new Fingerprint(
                    hash.getLong(),
                    hash.getLong(),
                    key != null && key.length > maxKey,
                    value != null && value.length > maxValue);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256 in every Java, but it is not there", e);
        }
    }

    boolean isSame(Fingerprint other) {
        return high == other.high && low == other.low;
    }
}

package io.tally.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Text that clients hold for us and give back, in a form that fits into a URL. Opaque to them; a checksum finds what was cut
 * or changed on the way, and keeps nothing secret.
 */
final class SealedText {
    private static final int CHECKSUM_BYTES = 8;

    private SealedText() {}

    /** The form that clients hold. */
    static String seal(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(bytes, bytes.length + CHECKSUM_BYTES);
        System.arraycopy(checksum(bytes), 0, all, bytes.length, CHECKSUM_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** What was sealed, or null when the text is none of ours. */
    static @Nullable String open(String sealed) {
        try {
            byte[] all = Base64.getUrlDecoder().decode(sealed);
            int length = Math.max(0, all.length - CHECKSUM_BYTES);
            byte[] bytes = Arrays.copyOf(all, length);
            boolean ours = MessageDigest.isEqual(checksum(bytes), Arrays.copyOfRange(all, length, all.length));
            return ours ? new String(bytes, StandardCharsets.US_ASCII) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] checksum(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), CHECKSUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

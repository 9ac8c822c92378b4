package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key that deliveries are signed with (Standard Webhooks 1.0.0).
 *
 * @param secret {@code whsec_} and 24 to 64 bytes in base64
 * @param expiresAt milliseconds since 1970 UTC at which it signs no more; null while it is the endpoint's newest
 */
public record SigningSecret(
        @JsonProperty String secret,
        @JsonProperty("expires_at") @Nullable Long expiresAt) {
    /** What every secret begins with. */
    public static final String PREFIX = "whsec_";

    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;

    /** @throws IllegalArgumentException if the secret is malformed; the message does not hold it */
    @JsonCreator
    public SigningSecret {
        int bytes = secret.startsWith(PREFIX) ? key(secret).length : 0;
        if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("Expected a secret of 24 to 64 bytes, but got " + bytes);
        }
    }

    /** The key's bytes. */
    public byte[] key() {
        return key(secret);
    }

    /** Whether it signs at this time. */
    public boolean isValidAt(long millis) {
        return expiresAt == null || millis < expiresAt;
    }

    /** Does not hold the secret, so that no log does. */
    @Override
    public String toString() {
        return "SigningSecret[expiresAt=" + expiresAt + "]";
    }

    private static byte[] key(String secret) {
        return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    }
}

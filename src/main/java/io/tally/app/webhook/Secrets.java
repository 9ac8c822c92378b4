package io.tally.app.webhook;

import io.tally.wire.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What deliveries are signed with (Standard Webhooks 1.0.0, scheme {@code v1}). Immutable.
 *
 * @param all those that count; while one takes the place of another, both do
 */
record Secrets(List<SigningSecret> all) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SCHEME = "v1,";
    /** More than two are not sent; each costs a comparison. */
    private static final int MAX = 8;

    Secrets {
        all = List.copyOf(all);
    }

    /** Whether there is a secret to check with. */
    boolean canCheck() {
        return !all.isEmpty();
    }

    /**
     * Whether one of the secrets was used for one of the signatures. Those of other schemes are passed over.
     *
     * @param signatures separated by blanks
     */
    boolean haveSigned(String id, String timestamp, @Nullable String signatures, byte[] body) {
        if (signatures == null) {
            return false;
        }
        List<byte[]> expected =
                all.stream().map(secret -> signed(secret, id, timestamp, body)).toList();
        boolean right = false;
        for (String signature :
                Stream.of(signatures.split(" ", MAX + 1)).limit(MAX).toList()) {
            byte[] given = signature.startsWith(SCHEME) ? decoded(signature.substring(SCHEME.length())) : null;
            if (given != null) {
                for (byte[] one : expected) {
                    // In constant time: how long it took must not tell how much of a guess was right.
                    right |= MessageDigest.isEqual(one, given);
                }
            }
        }
        return right;
    }

    private static byte[] signed(SigningSecret secret, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected " + ALGORITHM + ", which every Java has, but " + e, e);
        }
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

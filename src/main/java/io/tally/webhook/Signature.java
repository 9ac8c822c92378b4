package io.tally.webhook;

import io.tally.wire.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@code webhook-signature} (Standard Webhooks 1.0.0): HMAC-SHA256 of {@code id.timestamp.body}. */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String VERSION = "v1,";

    /** To find the algorithm takes longer than to use it. */
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Signature::mac);

    private Signature() {}

    private static Mac mac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    /**
     * One signature for each secret that is valid, in their order, so that a receiver with any of them can verify.
     *
     * @param seconds the {@code webhook-timestamp}, since 1970 UTC
     */
    static String of(WebhookMessage message, long seconds, List<SigningSecret> secrets) {
        byte[] head = (message.id() + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        return secrets.stream()
                .filter(secret -> secret.isValidAt(seconds * 1_000))
                .map(secret -> VERSION + Base64.getEncoder().encodeToString(hash(secret.key(), head, message.body())))
                .collect(Collectors.joining(" "));
    }

    private static byte[] hash(byte[] key, byte[] head, byte[] body) {
        Mac mac = MAC.get();
        try {
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("Any bytes are a key", e);
        }
        mac.update(head);
        return mac.doFinal(body);
    }
}

package io.tally.gateway.webhook;

import io.tally.wire.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Makes ids and secrets. Thread-safe. */
final class IdsAndSecrets {
    private static final String ENDPOINT = "we_";
    private static final String REPLAY = "wr_";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    /** Nobody guesses it, and no two are the same: 82 bits. */
    private static final int LENGTH = 16;

    private static final int SECRET_BYTES = 32;
    private static final Pattern ENDPOINT_ID = Pattern.compile("we_[A-Za-z0-9]{16}");

    private final SecureRandom random = new SecureRandom();

    static boolean isEndpointId(String text) {
        return ENDPOINT_ID.matcher(text).matches();
    }

    String endpointId() {
        return id(ENDPOINT);
    }

    /** The id that follows from a key: who sends it again finds the same endpoint. */
    static String endpointId(String key) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256")
                    .digest(("webhook endpoint " + key).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        StringBuilder id = new StringBuilder(ENDPOINT);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt((hash[i] & 0xff) % ALPHABET.length()));
        }
        return id.toString();
    }

    String replayId() {
        return id(REPLAY);
    }

    SigningSecret secret() {
        byte[] key = new byte[SECRET_BYTES];
        random.nextBytes(key);
        return new SigningSecret(SigningSecret.PREFIX + Base64.getEncoder().encodeToString(key), null);
    }

    private String id(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}

package io.tally.app.webhook;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Deliveries as a Tally makes them, but signed by another's library. */
final class Deliveries {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String OTHER_SECRET = "whsec_c2VjcmV0LXRoYXQtbm9ib2R5LXNob3VsZC1rbm93";
    static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    private Deliveries() {}

    /** An outcome of USD in partition 1 of the input. */
    static String body(String user, long offset, long sequence) {
        return "{\"type\":\"transaction.accepted\",\"timestamp\":\"2026-11-26T09:59:59.000Z\",\"data\":{\"uid\":\""
                + "0f8fad5b-d9cb-469f-a165-70867728950e\",\"user_id\":\"" + user
                + "\",\"type\":\"DEPOSIT\",\"amount\":\"10.50\",\"currency\":\"USD\",\"delta\":\"10.50\","
                + "\"status\":\"ACCEPTED\",\"balance\":\"31.50\",\"sequence\":" + sequence
                + ",\"source\":{\"partition\":1,\"offset\":" + offset + "}}}";
    }

    static String signature(String secret, String id, Instant timestamp, String body) {
        try {
            return new Webhook(secret).sign(id, timestamp.getEpochSecond(), body);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sent and received now. */
    static Received signed(String id, String body) {
        return signed(id, NOW, body);
    }

    /** Sent at this time, and received now. */
    static Received signed(String id, Instant timestamp, String body) {
        return new Received(
                NOW,
                id,
                Long.toString(timestamp.getEpochSecond()),
                signature(SECRET, id, timestamp, body),
                body.getBytes(StandardCharsets.UTF_8));
    }
}

package io.tally.wire.webhook;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The key of a record about deliveries. Both topics have the partitions of the output, and a record stands in the partition of
 * what it is about.
 *
 * <p>In the progress: {@code endpoint/lane} with a {@link Progress}, {@code endpoint/lane/user} with the {@link Delivery} that
 * this user's next ones wait for. Among the dead deliveries: {@code endpoint/partition-offset} with a {@link Delivery}.
 *
 * @param endpoint the id
 * @param lane {@link #LIVE}, or the id of a replay; among the dead the delivery's id
 * @param userId whose, or null when it is about all users
 */
public record WebhookKey(
        String endpoint, String lane, @Nullable String userId) {
    /** What is new. */
    public static final String LIVE = "live";

    public byte[] toBytes() {
        String text = endpoint + "/" + lane + (userId == null ? "" : "/" + userId);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is no such key */
    public static WebhookKey parse(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("Expected endpoint/lane or endpoint/lane/user, but got " + text);
        }
        return new WebhookKey(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
    }
}

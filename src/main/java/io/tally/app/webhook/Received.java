package io.tally.app.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it came.
 *
 * @param at when
 * @param id the header {@code webhook-id}
 * @param timestamp the header {@code webhook-timestamp}, unread
 * @param signatures the header {@code webhook-signature}
 */
record Received(
        Instant at,
        @Nullable String id,
        @Nullable String timestamp,
        @Nullable String signatures,
        byte[] body) {}

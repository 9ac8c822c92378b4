package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An outcome that an endpoint has not taken yet, or will not be offered again.
 *
 * @param partition of the output
 * @param offset of the outcome
 * @param eventId the {@code webhook-id}, the same at every attempt and endpoint
 * @param recordedAt the outcome's, milliseconds since 1970 UTC
 * @param nextAttemptAt milliseconds since 1970 UTC; null after the last attempt
 * @param attempts those so far, the oldest first; the last one with its answer
 */
public record Delivery(
        @JsonProperty int partition,
        @JsonProperty long offset,
        @JsonProperty("event_id") String eventId,
        @JsonProperty("event_type") EventType eventType,
        @JsonProperty("user_id") String userId,
        @JsonProperty("recorded_at") long recordedAt,
        @JsonProperty("next_attempt_at") @Nullable Long nextAttemptAt,
        @JsonProperty List<Attempt> attempts) {
    @JsonCreator
    public Delivery {
        attempts = List.copyOf(attempts);
    }

    /** Names it among the deliveries to its endpoint. */
    public String id() {
        return partition + "-" + offset;
    }
}

package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far an endpoint was told of one partition. Everything below {@code next} was delivered, is dead or was not for it, but what
 * is open: for each user with something undelivered the offset from which on nothing of it was.
 *
 * @param next the first offset that was not taken up
 * @param open by user; without those who have a {@link Delivery} of their own that waits for another attempt
 * @param endpointCreatedAt the endpoint's: one that was deleted and registered again under its id is told from its own start
 * @param failingSince milliseconds since 1970 UTC of the first failure after which the endpoint took nothing; 0 when it does
 * @param topicId of the topic that the offsets are of, in Kafka's text form; null in records of before this was kept
 */
public record Progress(
        @JsonProperty long next,
        @JsonProperty Map<String, Long> open,
        @JsonProperty("endpoint_created_at") long endpointCreatedAt,
        @JsonProperty("failing_since") long failingSince,
        @JsonProperty("topic_id") @Nullable String topicId) {
    @JsonCreator
    public Progress {
        open = Map.copyOf(open);
    }

    /** Whether the offsets are of a topic that was deleted since. */
    public boolean isOfAnother(String topic) {
        return topicId != null && !topicId.equals(topic);
    }
}

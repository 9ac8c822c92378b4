package io.tally.webhook;

import io.tally.gateway.OffsetRange;
import io.tally.gateway.OffsetRangeReader;
import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The progress of some partitions as it stands in its topic, by endpoint, lane and partition.
 *
 * @param byEndpoint what was found
 */
record StoredProgress(Map<String, Map<String, Map<Integer, Lane.Stored>>> byEndpoint) {
    /** Enough for what is compacted, and for a transaction of one who died to be ended by the brokers. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final OffsetRangeReader.Bounds BOUNDS = new OffsetRangeReader.Bounds(4 << 20, 16 << 20, 500);

    /** By lane and partition, what is known of an endpoint, and is from now on its worker's; empty when it was never told anything. */
    Map<String, Map<Integer, Lane.Stored>> take(String endpoint) {
        Map<String, Map<Integer, Lane.Stored>> known = byEndpoint.remove(endpoint);
        return known == null ? Map.of() : known;
    }

    /** Those of which something is known that nobody has taken; the caller's own. */
    Set<String> endpoints() {
        return new HashSet<>(byEndpoint.keySet());
    }

    /** Takes what is known of an endpoint; what takes it away from the topic. */
    List<PendingWrites.Write> forget(String endpoint) {
        List<PendingWrites.Write> writes = new ArrayList<>();
        take(endpoint)
                .forEach((lane, byPartition) -> byPartition.forEach((partition, stored) -> {
                    writes.add(forgotten(partition, new WebhookKey(endpoint, lane, null)));
                    for (Delivery delivery : stored.waiting()) {
                        writes.add(forgotten(partition, new WebhookKey(endpoint, lane, delivery.userId())));
                    }
                }));
        return writes;
    }

    private static PendingWrites.Write forgotten(int partition, WebhookKey key) {
        return new PendingWrites.Write(PendingWrites.Target.PROGRESS, partition, key, null);
    }

    /**
     * Reads the topic to its end, and waits for transactions that are open there: they may be of those who had the partitions
     * before.
     *
     * @throws KafkaException if that takes too long or the brokers refuse
     * @throws IllegalArgumentException if a record is broken
     */
    static StoredProgress read(Map<String, String> kafka, String topic, Collection<Integer> partitions) {
        Found found = new Found();
        readAll(kafka, topic, partitions, found::add);
        return found.progress();
    }

    /**
     * What takes away the dead deliveries of some endpoints that are kept.
     *
     * @throws KafkaException if that takes too long or the brokers refuse
     */
    static List<PendingWrites.Write> forgetDead(
            Map<String, String> kafka, String topic, Collection<Integer> partitions, Set<String> endpoints) {
        Map<WebhookKey, PendingWrites.Write> kept = new HashMap<>();
        readAll(kafka, topic, partitions, record -> {
            WebhookKey key = WebhookKey.parse(record.key());
            if (endpoints.contains(key.endpoint()) && record.value() != null) {
                kept.put(key, new PendingWrites.Write(PendingWrites.Target.DEAD, record.partition(), key, null));
            } else {
                kept.remove(key);
            }
        });
        return List.copyOf(kept.values());
    }

    /**
     * The ids under which the topic of endpoints has something now, be it readable or not.
     *
     * @throws KafkaException if that takes too long or the brokers refuse
     */
    static Set<String> registered(Map<String, String> kafka, String topic) {
        Set<String> ids = new HashSet<>();
        readAll(kafka, topic, Set.of(0), record -> {
            String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                ids.remove(id);
            } else {
                ids.add(id);
            }
        });
        return ids;
    }

    private static void readAll(
            Map<String, String> kafka,
            String topic,
            Collection<Integer> partitions,
            Consumer<ConsumerRecord<byte[], byte[]>> found) {
        try (OffsetRangeReader reader = new OffsetRangeReader(kafka, topic, BOUNDS, PATIENCE)) {
            Map<Integer, OffsetRange> ranges = reader.whole(partitions);
            if (!reader.read(ranges, found).containsAll(partitions)) {
                throw new KafkaException("Expected to read all progress within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    /** The latest of each key. */
    private static final class Found {
        private record Place(WebhookKey key, int partition) {}

        private final Map<Place, Progress> lanes = new HashMap<>();
        private final Map<Place, Map<String, Delivery>> waiting = new HashMap<>();

        void add(ConsumerRecord<byte[], byte @Nullable []> record) {
            WebhookKey key = WebhookKey.parse(record.key());
            Place lane = new Place(new WebhookKey(key.endpoint(), key.lane(), null), record.partition());
            byte[] value = record.value();
            String user = key.userId();
            if (user == null && value == null) {
                lanes.remove(lane);
            } else if (user == null) {
                lanes.put(lane, WebhookCodec.progress(value));
            } else if (value == null) {
                waiting.getOrDefault(lane, new HashMap<>()).remove(user);
            } else {
                waiting.computeIfAbsent(lane, place -> new HashMap<>()).put(user, WebhookCodec.delivery(value));
            }
        }

        StoredProgress progress() {
            Map<String, Map<String, Map<Integer, Lane.Stored>>> byEndpoint = new HashMap<>();
            lanes.forEach((place, progress) -> byEndpoint
                    .computeIfAbsent(place.key().endpoint(), endpoint -> new HashMap<>())
                    .computeIfAbsent(place.key().lane(), lane -> new HashMap<>())
                    .put(
                            place.partition(),
                            new Lane.Stored(
                                    progress,
                                    new ArrayList<>(waiting.getOrDefault(place, Map.of())
                                            .values()))));
            return new StoredProgress(byEndpoint);
        }
    }
}

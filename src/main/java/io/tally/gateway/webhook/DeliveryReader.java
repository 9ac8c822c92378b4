package io.tally.gateway.webhook;

import io.tally.gateway.OffsetRangeReader;
import io.tally.gateway.PageReads;
import io.tally.gateway.Reply;
import io.tally.stream.WebhookTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads deliveries page by page. Nothing is kept between pages: each is read on demand, by a client of its own, in bounded time
 * and memory. The topics are compacted, so that each of their partitions is read whole: what counts is the latest record of a
 * key. Thread-safe; never waits.
 */
final class DeliveryReader implements AutoCloseable {
    /** How long one page may be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final OffsetRangeReader.Bounds BOUNDS = new OffsetRangeReader.Bounds(4 << 20, 4 << 20, 500);

    private final Map<String, String> kafka;
    private final WebhookTopics topics;
    private final PageReads reads = new PageReads("deliveries");

    DeliveryReader(Map<String, String> kafka, WebhookTopics topics) {
        this.kafka = Map.copyOf(kafka);
        this.topics = topics;
    }

    /** A page. The future never fails. */
    CompletableFuture<Reply<DeliveryPage>> page(DeliveryQuery query) {
        return reads.submit(() -> {
            DeliveryPage page = read(query);
            return page == null ? reads.tooLate() : new Reply.Found<>(page);
        });
    }

    /** A page, or null when there was no time to get anywhere. */
    private @Nullable DeliveryPage read(DeliveryQuery query) {
        String topic = query.dead() ? topics.dead() : topics.progress();
        try (OffsetRangeReader reader = new OffsetRangeReader(kafka, topic, BOUNDS, PATIENCE)) {
            int partitions = reader.partitions().size();
            List<DeliveryPage.Item> items = new ArrayList<>();
            for (int partition = query.from().partition(); partition < partitions; partition++) {
                DeliveryScan scan = new DeliveryScan(query);
                if (!read(reader, partition, scan)) {
                    boolean moved = partition > query.from().partition();
                    return moved ? new DeliveryPage(items, DeliveryPlace.startOf(partition)) : null;
                }
                DeliveryPlace rest = take(scan, query.limit(), items);
                if (rest != null) {
                    return new DeliveryPage(items, rest);
                }
            }
            return new DeliveryPage(items, null);
        }
    }

    /** Whether there was time for all of the partition. */
    private static boolean read(OffsetRangeReader reader, int partition, DeliveryScan scan) {
        Set<Integer> complete = reader.read(reader.decided(Set.of(partition)), record -> {
            if (record.key() != null) {
                scan.take(record.key(), record.value());
            }
        });
        return complete.contains(partition);
    }

    /** Moves deliveries into the page as long as there is room, and returns where the rest of the partition begins. */
    private static @Nullable DeliveryPlace take(DeliveryScan scan, int limit, List<DeliveryPage.Item> items) {
        SortedMap<DeliveryPlace, DeliveryPage.Item> found = scan.items();
        for (Map.Entry<DeliveryPlace, DeliveryPage.Item> delivery : found.entrySet()) {
            if (items.size() == limit) {
                return delivery.getKey();
            }
            items.add(delivery.getValue());
        }
        return scan.horizon();
    }

    /** Begins no more reads; those that run end within their time. */
    @Override
    public void close() {
        reads.close();
    }
}

package io.tally.gateway.webhook;

import io.tally.gateway.Reply;
import io.tally.stream.WebhookTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads deliveries page by page. Nothing is kept between pages: each is read on demand, by a client of its own, in bounded time
 * and memory. The topics are compacted, so that each of their partitions is read whole: what counts is the latest record of a
 * key. Thread-safe; never waits.
 */
final class DeliveryReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DeliveryReader.class);

    /** How long one page may be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MAX_READS = 2;

    private final Map<String, String> kafka;
    private final WebhookTopics topics;
    private final Semaphore free = new Semaphore(MAX_READS);
    private final ExecutorService readers;

    DeliveryReader(Map<String, String> kafka, WebhookTopics topics) {
        this.kafka = Map.copyOf(kafka);
        this.topics = topics;
        AtomicInteger number = new AtomicInteger();
        this.readers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "tally-webhook-deliveries-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A page. The future never fails. */
    CompletableFuture<Reply<DeliveryPage>> page(DeliveryQuery query) {
        if (!free.tryAcquire()) {
            return CompletableFuture.completedFuture(new Reply.Unavailable<>("Deliveries are being read for others"));
        }
        CompletableFuture<Reply<DeliveryPage>> reply = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                Reply<DeliveryPage> page = readAndRelease(query);
                reply.complete(page);
            });
        } catch (RejectedExecutionException e) {
            free.release();
            reply.complete(new Reply.Unavailable<>("This instance is stopping"));
        }
        return reply;
    }

    /** Releases before the reply goes out: who asks for the next page at once must not be told to wait. */
    private Reply<DeliveryPage> readAndRelease(DeliveryQuery query) {
        try {
            DeliveryPage page = read(query);
            return page == null
                    ? new Reply.Unavailable<>("Kafka does not give the deliveries in time")
                    : new Reply.Found<>(page);
        } catch (KafkaException e) {
            log.warn("Deliveries could not be read: {}", e.toString());
            return new Reply.Unavailable<>("Kafka does not give the deliveries");
        } catch (RuntimeException e) {
            log.error("Deliveries could not be read", e);
            return new Reply.Unavailable<>("The deliveries cannot be read");
        } finally {
            free.release();
        }
    }

    /** A page, or null when there was no time to get anywhere. */
    private @Nullable DeliveryPage read(DeliveryQuery query) {
        String topic = query.dead() ? topics.dead() : topics.progress();
        try (DeliveryConsumer deliveries = new DeliveryConsumer(kafka, topic, PATIENCE)) {
            int partitions = deliveries.partitionCount();
            List<DeliveryPage.Item> items = new ArrayList<>();
            for (int partition = query.from().partition(); partition < partitions; partition++) {
                DeliveryScan scan = new DeliveryScan(query);
                if (!deliveries.read(partition, scan)) {
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
        readers.shutdown();
    }
}

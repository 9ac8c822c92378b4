package io.tally.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the dead-letter topic page by page, newest first. Nothing is kept between pages: each is read on demand, by a client
 * of its own, in bounded time and memory. Thread-safe; never waits.
 */
public final class DeadLetterGateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterGateway.class);

    /** How long one page may be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Each can take {@link DeadLetterMerge#MAX_PAGE_BYTES}, as much read ahead, and the client's buffers: 16 MiB. */
    private static final int MAX_READS = 2;

    private final Map<String, String> kafka;
    private final String topic;
    private final Semaphore free = new Semaphore(MAX_READS);
    private final ExecutorService readers;

    /**
     * Connects to nothing yet.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param topic the dead letters
     */
    public DeadLetterGateway(Map<String, String> kafka, String topic) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
        AtomicInteger number = new AtomicInteger();
        this.readers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "tally-dead-letters-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A page; absent when the topic has no such partition. The future never fails. */
    public CompletableFuture<Reply<DeadLetterPage>> page(DeadLetterQuery query) {
        if (!free.tryAcquire()) {
            return CompletableFuture.completedFuture(new Reply.Unavailable<>("Dead letters are being read for others"));
        }
        CompletableFuture<Reply<DeadLetterPage>> reply = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                Reply<DeadLetterPage> page = readAndRelease(query);
                reply.complete(page);
            });
        } catch (RejectedExecutionException e) {
            free.release();
            reply.complete(new Reply.Unavailable<>("The ledger is stopping"));
        }
        return reply;
    }

    /** Releases before the reply goes out: who asks for the next page at once must not be told to wait. */
    private Reply<DeadLetterPage> readAndRelease(DeadLetterQuery query) {
        try {
            return read(query);
        } catch (KafkaException e) {
            log.warn("Dead letters could not be read: {}", e.toString());
            return new Reply.Unavailable<>("Kafka does not give the dead letters");
        } catch (RuntimeException e) {
            log.error("Dead letters could not be read", e);
            return new Reply.Unavailable<>("The dead letters cannot be read");
        } finally {
            free.release();
        }
    }

    private Reply<DeadLetterPage> read(DeadLetterQuery query) {
        try (LetterConsumer letters = new LetterConsumer(kafka, topic, PATIENCE)) {
            List<Integer> partitions = letters.partitions();
            Integer only = query.partition();
            if (only != null && !partitions.contains(only)) {
                return new Reply.Absent<>();
            }
            SortedMap<Integer, Long> before = new TreeMap<>();
            for (int partition : partitions) {
                if (only == null || only == partition) {
                    before.put(partition, Long.MAX_VALUE);
                }
            }
            SortedMap<Integer, Long> rest = query.before();
            if (rest != null) {
                // Partitions that the cursor does not name were read to their beginning.
                before.keySet().retainAll(rest.keySet());
                before.replaceAll((partition, end) -> rest.getOrDefault(partition, end));
            }
            DeadLetterPage page =
                    new DeadLetterMerge(letters.tails(before), letters, letters::hasTime).page(query.limit());
            return page == null
                    ? new Reply.Unavailable<>("Kafka does not give the dead letters in time")
                    : new Reply.Found<>(page);
        }
    }

    /** Begins no more reads; those that run end within their time. */
    @Override
    public void close() {
        readers.shutdown();
    }
}

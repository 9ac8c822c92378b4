package io.tally.gateway.webhook;

import io.tally.gateway.ConsumerSettings;
import io.tally.gateway.ConsumerSettings.LostPlace;
import io.tally.gateway.StopSignal;
import io.tally.wire.webhook.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of endpoints from its beginning and stays at its end, in one thread. What it shows is committed. Kafka's
 * failures do not end it: it shows what it knew, and begins anew. Thread-safe.
 */
final class EndpointFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndpointFollower.class);

    private static final int TIMEOUT_MS = 5_000;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(6);

    private final Map<String, String> kafka;
    private final TopicPartition partition;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final StopSignal stop = new StopSignal();
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile Map<String, Endpoint> endpoints = Map.of();
    private volatile Set<String> unreadable = Set.of();
    private volatile boolean current;
    /** Only the follower's thread looks: whether a warning was logged. */
    private boolean down;

    /** Everything below it is in {@link #endpoints}; -1 before anything is. Guarded by this, as what follows. */
    private long position = -1;

    private final List<Reader> readers = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();

    /** Waits until everything below an offset is shown. */
    private record Reader(long end, CompletableFuture<Map<String, Endpoint>> answer) {}

    /** Waits to see whether the record at an offset is committed. */
    private record Watch(long offset, CompletableFuture<Boolean> answer) {}

    /**
     * Begins to follow.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     */
    EndpointFollower(Map<String, String> kafka, String topic) {
        this.kafka = Map.copyOf(kafka);
        this.partition = new TopicPartition(topic, 0);
        this.thread = new Thread(this::run, "tally-webhook-endpoints");
        thread.setDaemon(true);
        thread.start();
    }

    TopicPartition partition() {
        return partition;
    }

    /** Whether it has once read to the end that was there. */
    boolean isCurrent() {
        return current;
    }

    /** What was committed when it was last looked; does not change. */
    Map<String, Endpoint> endpoints() {
        return endpoints;
    }

    /** Of which endpoints there is a record that cannot be read. */
    Set<String> unreadable() {
        return unreadable;
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** What is committed below an offset, and perhaps more, once it is read. */
    synchronized CompletableFuture<Map<String, Endpoint>> upTo(long end) {
        if (position >= end) {
            return CompletableFuture.completedFuture(endpoints);
        }
        readers.removeIf(reader -> reader.answer().isDone());
        CompletableFuture<Map<String, Endpoint>> answer = new CompletableFuture<>();
        readers.add(new Reader(end, answer));
        return answer;
    }

    /**
     * Tells, once that is decided, whether a record is committed; fails when that can no longer be seen here.
     *
     * @param offset of a record of a transaction that is open now
     * @throws KafkaException if the topic is not followed now
     */
    synchronized CompletableFuture<Boolean> watch(long offset) {
        if (position < 0) {
            throw new KafkaException("The endpoints are not followed now");
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        watches.add(new Watch(offset, answer));
        return answer;
    }

    private void run() {
        while (!stop.isRaised()) {
            try (KafkaConsumer<byte[], byte[]> connected = connect()) {
                consumer = connected;
                follow(connected);
            } catch (WakeupException e) {
                log.debug("The endpoints are no longer followed");
            } catch (RuntimeException | Error e) {
                // Whatever it is, who is told must not be forgotten, and the next attempt is as good as any.
                if (!down) {
                    log.warn("The endpoints of webhooks cannot be followed now; trying again", e);
                }
                down = true;
                stop.pause(PAUSE);
            } finally {
                consumer = null;
                forgetPlace();
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> connect() {
        // The topic is read whole: from a place that is gone it goes on at the beginning.
        Map<String, Object> config = ConsumerSettings.committed(kafka, LostPlace.GO_ON);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(KafkaConsumer<byte[], byte[]> connected) {
        List<TopicPartition> all = List.of(partition);
        connected.assign(all);
        connected.seekToBeginning(all);
        long end = connected.endOffsets(all).getOrDefault(partition, 0L);
        EndpointLog read = new EndpointLog();
        boolean whole = false;
        while (!stop.isRaised()) {
            List<Long> committed = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : connected.poll(POLL)) {
                read.apply(record);
                committed.add(record.offset());
            }
            // It passes markers and aborted records as well.
            long next = connected.position(partition);
            whole |= next >= end;
            if (whole) {
                down = false;
                unreadable = read.unreadable();
                show(read.snapshot(), next, committed);
            }
        }
    }

    /** Half of the topic is never shown: endpoints would be missing, and others old. */
    private void show(Map<String, Endpoint> now, long next, List<Long> committed) {
        boolean changed = !now.equals(endpoints) || !current;
        synchronized (this) {
            endpoints = now;
            position = next;
            current = true;
            readers.stream()
                    .filter(reader -> reader.end() <= next)
                    .forEach(reader -> reader.answer().complete(now));
            readers.removeIf(reader -> reader.end() <= next);
            watches.stream()
                    .filter(watch -> watch.offset() < next)
                    .forEach(watch -> watch.answer().complete(committed.contains(watch.offset())));
            watches.removeIf(watch -> watch.offset() < next);
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** The next connection begins anew: what was watched may be compacted away by then. */
    private synchronized void forgetPlace() {
        position = -1;
        watches.forEach(watch -> watch.answer().completeExceptionally(new KafkaException("The place was lost")));
        watches.clear();
    }

    @Override
    public void close() {
        stop.raise();
        KafkaConsumer<byte[], byte[]> connected = consumer;
        if (connected != null) {
            connected.wakeup();
        }
        StopSignal.awaitEnd(thread, STOP);
    }
}

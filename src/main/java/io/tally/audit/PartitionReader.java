package io.tally.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads some partitions side by side, read-committed, each in offset order and from where it stopped the last time. Used by
 * one thread at a time.
 */
final class PartitionReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_POLL_RECORDS = 2_000;
    private static final int MAX_PARTITION_BYTES = 4 << 20;
    private static final int MAX_FETCH_BYTES = 32 << 20;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Duration timeout;

    /** @param timeout how long it waits for the next record */
    PartitionReader(Map<String, Object> connection, Collection<TopicPartition> partitions, Duration timeout) {
        Map<String, Object> config = new HashMap<>(connection);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_PARTITION_BYTES);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.timeout = timeout;
        partitions.forEach(partition -> next.put(partition, 0L));
    }

    /** Passes over what comes before these offsets. */
    void skipTo(Map<TopicPartition, Long> offsets) {
        next.replaceAll((partition, offset) -> offsets.getOrDefault(partition, offset));
    }

    /**
     * Reads on up to these ends.
     *
     * @param ahead partitions that must wait for others
     * @param ended hears of each partition that was read to its end, on this thread
     * @param read counts the records
     * @throws TimeoutException if the next record does not come
     */
    void read(
            Map<TopicPartition, Long> ends,
            Predicate<TopicPartition> ahead,
            Consumer<LogRecord> sink,
            Consumer<TopicPartition> ended,
            LongAdder read) {
        List<TopicPartition> open = new ArrayList<>(next.keySet());
        open.removeIf(partition -> next.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L));
        next.keySet().stream().filter(partition -> !open.contains(partition)).forEach(ended);
        consumer.assign(open);
        open.forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    sink.accept(LogRecord.of(record));
                    read.increment();
                }
                deadline = System.nanoTime() + timeout.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "Expected more records, but none came for " + timeout.toSeconds() + " s; read "
                                + open.stream()
                                        .map(partition -> describe(partition, ends))
                                        .toList());
            }
            List<TopicPartition> done = open.stream()
                    .filter(partition -> isRead(partition, ends.getOrDefault(partition, 0L)))
                    .toList();
            if (open.removeAll(done)) {
                consumer.assign(open);
                done.forEach(ended);
            }
            List<TopicPartition> waiting = open.stream().filter(ahead).toList();
            consumer.resume(open);
            if (waiting.size() < open.size()) {
                consumer.pause(waiting);
            }
        }
    }

    private String describe(TopicPartition partition, Map<TopicPartition, Long> ends) {
        return partition + " up to " + consumer.position(partition) + " of " + ends.get(partition)
                + (consumer.paused().contains(partition) ? " (paused)" : "");
    }

    private boolean isRead(TopicPartition partition, long end) {
        if (consumer.position(partition) < end) {
            return false;
        }
        next.put(partition, end);
        return true;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

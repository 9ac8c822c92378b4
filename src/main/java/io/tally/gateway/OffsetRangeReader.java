package io.tally.gateway;

import io.tally.gateway.ConsumerSettings.LostPlace;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads ranges of a topic's committed records, without a group and until a deadline. For one thread. Its methods fail with
 * Kafka's exceptions.
 */
public final class OffsetRangeReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * What is in memory besides what was given to the caller.
     *
     * @param partitionBytes fetched of one partition and not read yet
     * @param bytes fetched of one broker and not read yet
     * @param records unpacked at a time
     */
    public record Bounds(int partitionBytes, int bytes, int records) {}

    private final Map<String, String> kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final long deadline;

    /**
     * Makes the client.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param patience how long from now it may read
     */
    public OffsetRangeReader(Map<String, String> kafka, String topic, Bounds bounds, Duration patience) {
        // A place is lost only when segments are deleted while they are read: then what is left is given.
        Map<String, Object> config = ConsumerSettings.committed(kafka, LostPlace.GO_ON);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, bounds.partitionBytes());
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, bounds.bytes());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, bounds.records());
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
        this.kafka = Map.copyOf(kafka);
        this.consumer = connect(config);
        this.topic = topic;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    private static KafkaConsumer<byte[], byte[]> connect(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Whether the deadline is still ahead. */
    public boolean hasTime() {
        return deadline - System.nanoTime() > 0;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    /** The topic's partitions. */
    public List<Integer> partitions() {
        return consumer.partitionsFor(topic, left()).stream()
                .map(PartitionInfo::partition)
                .toList();
    }

    /** These partitions from their first record to the end of what is decided: committed or aborted. */
    public Map<Integer, OffsetRange> decided(Collection<Integer> partitions) {
        return upToEnd(partitions, consumer);
    }

    /** These partitions from their first record to their last, of which transactions that are open may not be decided yet. */
    public Map<Integer, OffsetRange> whole(Collection<Integer> partitions) {
        Map<String, Object> config = ConsumerSettings.committed(kafka, LostPlace.GO_ON);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        try (KafkaConsumer<byte[], byte[]> undecided = connect(config)) {
            // Otherwise the client warns of partitions that it was not given.
            undecided.assign(partitions.stream().map(this::of).toList());
            return upToEnd(partitions, undecided);
        }
    }

    private Map<Integer, OffsetRange> upToEnd(Collection<Integer> partitions, KafkaConsumer<byte[], byte[]> asked) {
        List<TopicPartition> wanted = partitions.stream().map(this::of).toList();
        Map<TopicPartition, Long> beginnings = asked.beginningOffsets(wanted, left());
        Map<TopicPartition, Long> ends = asked.endOffsets(wanted, left());
        return partitions.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        partition -> new OffsetRange(
                                beginnings.getOrDefault(of(partition), 0L), ends.getOrDefault(of(partition), 0L))));
    }

    private TopicPartition of(int partition) {
        return new TopicPartition(topic, partition);
    }

    /**
     * Gives every committed record of these ranges, each partition's by offset; waits for what is not decided yet.
     *
     * @param ranges by partition
     * @return the partitions that were read to the end of their range before the deadline
     */
    public Set<Integer> read(Map<Integer, OffsetRange> ranges, Consumer<ConsumerRecord<byte[], byte[]>> found) {
        Map<TopicPartition, OffsetRange> open = new HashMap<>();
        ranges.forEach((partition, range) -> open.put(of(partition), range));
        consumer.assign(open.keySet());
        consumer.resume(open.keySet());
        open.forEach((partition, range) -> consumer.seek(partition, range.from()));
        Set<Integer> complete = new HashSet<>();
        while (true) {
            complete.addAll(endThoseRead(open));
            if (open.isEmpty() || !hasTime()) {
                return complete;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                OffsetRange range = open.get(of(record.partition()));
                if (range != null && record.offset() < range.to()) {
                    found.accept(record);
                }
            }
        }
    }

    private Set<Integer> endThoseRead(Map<TopicPartition, OffsetRange> open) {
        Set<Integer> read = new HashSet<>();
        for (TopicPartition partition : List.copyOf(open.keySet())) {
            OffsetRange range = open.get(partition);
            // The position passes markers and aborted records as well.
            if (range != null && consumer.position(partition, left()) >= range.to()) {
                consumer.pause(Set.of(partition));
                open.remove(partition);
                read.add(partition.partition());
            }
        }
        return read;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

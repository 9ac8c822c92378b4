package io.tally.gateway;

import io.tally.gateway.PartitionTail.Stretch;
import io.tally.wire.DeadLetterNote;
import io.tally.wire.WireHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed dead letters for one page, without a group and until a deadline. For one thread. */
final class LetterConsumer implements DeadLetterMerge.Letters, AutoCloseable {
    /** Bounds what the client holds besides the page: of one partition, and of one broker. */
    private static final int PARTITION_FETCH_BYTES = 1 << 20;

    private static final int FETCH_BYTES = 4 << 20;
    /** Bounds what is unpacked at a time: about 2 MiB of the largest letters. */
    private static final int POLL_RECORDS = 32;

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final long deadline;

    /**
     * Makes the client.
     *
     * @param patience how long from now it may read
     */
    LetterConsumer(Map<String, String> kafka, String topic, Duration patience) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Only when records are deleted while they are read: then what is left is shown.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    boolean hasTime() {
        return deadline - System.nanoTime() > 0;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    /** The topic's partitions. Fails with Kafka's exceptions. */
    List<Integer> partitions() {
        return consumer.partitionsFor(topic, left()).stream()
                .map(PartitionInfo::partition)
                .toList();
    }

    /**
     * These partitions from their committed end, or from where a page ended, whichever is lower.
     *
     * @param before where pages ended, by partition
     */
    List<PartitionTail> tails(Map<Integer, Long> before) {
        List<TopicPartition> wanted = before.keySet().stream().map(this::of).toList();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(wanted, left());
        Map<TopicPartition, Long> ends = consumer.endOffsets(wanted, left());
        List<PartitionTail> tails = new ArrayList<>();
        before.forEach((partition, end) -> tails.add(new PartitionTail(
                partition,
                beginnings.getOrDefault(of(partition), 0L),
                Math.min(end, ends.getOrDefault(of(partition), 0L)))));
        return tails;
    }

    private TopicPartition of(int partition) {
        return new TopicPartition(topic, partition);
    }

    @Override
    public Set<Integer> read(Map<Integer, Stretch> stretches, Consumer<StoredLetter> found) {
        Set<TopicPartition> open = new HashSet<>();
        stretches.keySet().forEach(partition -> open.add(of(partition)));
        consumer.assign(open);
        consumer.resume(open);
        stretches.forEach((partition, stretch) -> consumer.seek(of(partition), stretch.from()));
        Set<Integer> complete = new HashSet<>();
        while (!open.isEmpty() && hasTime()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Stretch stretch = stretches.get(record.partition());
                if (stretch != null && record.offset() < stretch.to()) {
                    found.accept(letter(record));
                }
            }
            for (TopicPartition partition : List.copyOf(open)) {
                Stretch stretch = stretches.get(partition.partition());
                // The position passes markers and aborted records as well.
                if (stretch != null && consumer.position(partition, left()) >= stretch.to()) {
                    consumer.pause(Set.of(partition));
                    open.remove(partition);
                    complete.add(partition.partition());
                }
            }
        }
        return complete;
    }

    private static StoredLetter letter(ConsumerRecord<byte[], byte[]> record) {
        List<WireHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new WireHeader(header.key(), header.value()));
        }
        return new StoredLetter(
                record.partition(),
                record.offset(),
                record.timestamp(),
                DeadLetterNote.of(headers),
                record.key(),
                record.value());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

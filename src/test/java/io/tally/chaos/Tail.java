package io.tally.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows the committed outcomes and knows when there were none. Times are nanoseconds of this process. Thread-safe. */
final class Tail implements AutoCloseable {
    private final int partitions;
    private final long[] lastAt;
    private final long[] longestSilence;
    private final long[] firstAfterHeal;
    private long healedAt;
    private long count;

    private volatile boolean closing;

    Tail(int partitions, long now) {
        this.partitions = partitions;
        this.lastAt = new long[partitions];
        this.longestSilence = new long[partitions];
        this.firstAfterHeal = new long[partitions];
        Arrays.fill(lastAt, now);
    }

    static Tail start(String bootstrapServers, String topic, int partitions) {
        Tail tail = new Tail(partitions, System.nanoTime());
        Thread thread = new Thread(() -> tail.run(bootstrapServers, topic), "tail");
        thread.setDaemon(true);
        thread.start();
        return tail;
    }

    private void run(String bootstrapServers, String topic) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                100);
        List<TopicPartition> assigned = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            while (!closing) {
                List<Integer> met = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    met.add(record.partition());
                }
                note(met, System.nanoTime());
            }
        }
    }

    synchronized void note(List<Integer> met, long now) {
        count += met.size();
        met.stream().distinct().forEach(partition -> {
            longestSilence[partition] = Math.max(longestSilence[partition], now - lastAt[partition]);
            lastAt[partition] = now;
            if (healedAt != 0 && firstAfterHeal[partition] == 0) {
                firstAfterHeal[partition] = now - healedAt;
            }
        });
    }

    /** Forgets silences and heals. */
    synchronized void mark() {
        Arrays.fill(longestSilence, 0);
        Arrays.fill(firstAfterHeal, 0);
        healedAt = 0;
    }

    synchronized void healed(long at) {
        Arrays.fill(firstAfterHeal, 0);
        healedAt = at;
    }

    /** Whether each partition has had an outcome since the heal. */
    synchronized boolean flows() {
        return Arrays.stream(firstAfterHeal).allMatch(after -> after > 0);
    }

    /** The time from the heal to the first outcome in the partition that took longest. */
    synchronized long slowestAfterHeal() {
        return Arrays.stream(firstAfterHeal).max().orElse(0);
    }

    /** The longest time without an outcome in a partition since the mark. */
    synchronized long longestSilence() {
        return Arrays.stream(longestSilence).max().orElse(0);
    }

    synchronized long count() {
        return count;
    }

    @Override
    public void close() {
        closing = true;
    }
}

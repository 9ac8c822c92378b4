package io.tally.gateway.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed deliveries for one page, without a group and until a deadline. For one thread. */
final class DeliveryConsumer implements AutoCloseable {
    /** Bounds what the client holds besides the page. */
    private static final int FETCH_BYTES = 4 << 20;

    private static final int POLL_RECORDS = 500;
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final long deadline;

    /**
     * Makes the client.
     *
     * @param patience how long from now it may read
     */
    DeliveryConsumer(Map<String, String> kafka, String topic, Duration patience) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Only when segments are deleted while they are read: then what is left is shown.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
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

    /** How many partitions the topic has. Fails with Kafka's exceptions. */
    int partitionCount() {
        return consumer.partitionsFor(topic, left()).size();
    }

    /** Gives every record of a partition up to its committed end; false when there was no time to get there. */
    boolean read(int number, DeliveryScan scan) {
        TopicPartition partition = new TopicPartition(topic, number);
        List<TopicPartition> all = List.of(partition);
        consumer.assign(all);
        consumer.seekToBeginning(all);
        long end = consumer.endOffsets(all, left()).getOrDefault(partition, 0L);
        // The position passes markers and aborted records as well.
        while (hasTime() && consumer.position(partition, left()) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.key() != null) {
                    scan.take(record.key(), record.value());
                }
            }
        }
        return hasTime() && consumer.position(partition, left()) >= end;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

package io.tally.app.load;

import io.tally.gateway.ConsumerSettings;
import io.tally.gateway.ConsumerSettings.LostPlace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All partitions of a topic as a read-committed consumer gets them. Confined to one thread. */
public final class CommittedRecords implements AutoCloseable {
    private static final int MAX_POLL_RECORDS = 10_000;
    private static final int MAX_PARTITION_BYTES = 4 << 20;

    private final KafkaConsumer<byte[], byte[]> consumer;

    private CommittedRecords(String bootstrapServers, String topic, int minBytes, Duration longestWait) {
        Map<String, Object> settings = ConsumerSettings.committed(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), LostPlace.GO_ON);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_PARTITION_BYTES);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, minBytes);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.toIntExact(longestWait.toMillis()));
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList());
    }

    /** What comes from now on, in few requests: it takes little from what is measured and hears up to 20 ms late. */
    public static CommittedRecords inBulk(String bootstrapServers, String topic) {
        return new CommittedRecords(bootstrapServers, topic, 256 << 10, Duration.ofMillis(20)).fromEnd();
    }

    /** What comes from now on, each record as soon as it is there. */
    public static CommittedRecords atOnce(String bootstrapServers, String topic) {
        return new CommittedRecords(bootstrapServers, topic, 1, Duration.ofMillis(100)).fromEnd();
    }

    /** What has come since the topic was made. */
    public static CommittedRecords fromBeginning(String bootstrapServers, String topic) {
        CommittedRecords records = new CommittedRecords(bootstrapServers, topic, 1, Duration.ofMillis(100));
        records.consumer.seekToBeginning(records.consumer.assignment());
        return records;
    }

    /** Passes over what is committed by now. */
    CommittedRecords fromEnd() {
        consumer.seekToEnd(consumer.assignment());
        // seekToEnd is lazy; asking for the position carries it out.
        consumer.assignment().forEach(consumer::position);
        return this;
    }

    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return consumer.poll(timeout);
    }

    /** Whether everything that is committed by now was read. */
    boolean atEnd() {
        return consumer.endOffsets(List.copyOf(consumer.assignment())).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}

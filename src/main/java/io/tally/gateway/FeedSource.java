package io.tally.gateway;

import io.tally.gateway.ConsumerSettings.LostPlace;
import io.tally.stream.TopicIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The output topic, read without a group. What it brings is committed. For one thread, but {@link #wakeUp}. Every method throws
 * {@link KafkaException} when the brokers do not answer in time or refuse.
 */
final class FeedSource implements AutoCloseable {
    /** Nobody waits for longer than this for a stream to begin, or for the feed to stop. */
    private static final int TIMEOUT_MS = 5_000;

    /** What is fetched and not read yet is on the heap. */
    private static final int FETCH_BYTES = 8 << 20;

    private static final int MAX_POLL_RECORDS = 2_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final int topicTag;

    private FeedSource(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, int topicTag) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.topicTag = topicTag;
    }

    static FeedSource connect(Map<String, String> kafka, String topic, int partitions) {
        int topicTag = TopicIdentity.of(kafka, topic, partitions).hashCode();
        Map<String, Object> config = ConsumerSettings.committed(kafka, LostPlace.FAIL);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> assigned = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(assigned);
        return new FeedSource(consumer, assigned, topicTag);
    }

    /** Part of the topic's id: a topic that is made again gets another one. */
    int topicTag() {
        return topicTag;
    }

    /** By partition, the offset of the oldest record that is still there. */
    long[] beginnings() {
        return byPartition(consumer.beginningOffsets(partitions));
    }

    /** By partition, the offset before which everything is decided: committed or aborted. */
    long[] committedEnds() {
        return byPartition(consumer.endOffsets(partitions));
    }

    private long[] byPartition(Map<TopicPartition, Long> offsets) {
        return partitions.stream().mapToLong(offsets::get).toArray();
    }

    void seek(long[] offsets) {
        partitions.forEach(partition -> consumer.seek(partition, offsets[partition.partition()]));
    }

    /** What came. Waits for something to come. */
    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return consumer.poll(timeout);
    }

    static List<OutcomeEvent> events(ConsumerRecords<byte[], byte[]> records) {
        List<OutcomeEvent> events = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            OutcomeEvent event = OutcomeEvent.of(record);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    /** How far the records go, with what follows them that is no record, by partition. */
    static Map<Integer, Long> ends(ConsumerRecords<byte[], byte[]> records) {
        Map<Integer, Long> ends = new HashMap<>();
        records.nextOffsets().forEach((partition, next) -> ends.put(partition.partition(), next.offset()));
        return ends;
    }

    /** Makes the thread that uses this end its call. From any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofMillis(TIMEOUT_MS)));
    }
}

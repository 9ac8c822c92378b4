package io.tally.webhook;

import io.tally.gateway.ConsumerSettings;
import io.tally.gateway.ConsumerSettings.LostPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads committed outcomes from places of its own in some partitions. For one thread. */
final class OutcomeReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutcomeReader.class);

    /** What is fetched and not read yet is on the heap, for each endpoint. */
    private static final int FETCH_BYTES = 1 << 20;

    private static final int PARTITION_FETCH_BYTES = 256 << 10;
    private static final int POLL_RECORDS = 500;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    /** Kept here: the client waits for brokers when it is asked, if a leader has moved. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    OutcomeReader(Map<String, String> kafka, String topic) {
        Map<String, Object> config = ConsumerSettings.committed(kafka, LostPlace.FAIL);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
    }

    /** Reads these partitions and no others, from these offsets on. */
    void read(Map<Integer, Long> places) {
        Set<TopicPartition> before = Set.copyOf(consumer.assignment());
        Map<TopicPartition, Long> wanted = new HashMap<>();
        places.forEach((partition, offset) -> wanted.put(new TopicPartition(topic, partition), offset));
        if (!wanted.keySet().equals(before)) {
            consumer.assign(wanted.keySet());
            positions.keySet().retainAll(wanted.keySet());
        }
        wanted.forEach((partition, offset) -> {
            if (!offset.equals(positions.get(partition))) {
                seek(partition, offset);
            }
        });
    }

    /** What came, in order of each partition. */
    List<ConsumerRecord<byte[], byte[]>> poll(Duration timeout) {
        if (consumer.assignment().isEmpty()) {
            return List.of();
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(timeout);
            polled.forEach(records::add);
            polled.nextOffsets().forEach((partition, next) -> positions.put(partition, next.offset()));
        } catch (OffsetOutOfRangeException e) {
            toBeginning(e.offsetOutOfRangePartitions());
        }
        return records;
    }

    private void toBeginning(Map<TopicPartition, Long> lost) {
        consumer.beginningOffsets(lost.keySet()).forEach((partition, beginning) -> {
            long expected = lost.getOrDefault(partition, 0L);
            log.error(
                    expected < beginning
                            ? "Expected outcomes from offset {} of {} on, but they begin at {}: webhooks go on from there"
                            : "Expected outcomes from offset {} of {} on, but they end before: webhooks are told all from {} on",
                    expected,
                    partition,
                    beginning);
            seek(partition, beginning);
        });
    }

    private void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        positions.put(partition, offset);
    }

    /** Where the next record of a partition is read. Before the place that was asked for when the log ends before that. */
    long position(int partition) {
        return positions.getOrDefault(new TopicPartition(topic, partition), 0L);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}

package io.tally.app.doctor;

import io.tally.gateway.ConsumerSettings;
import io.tally.gateway.ConsumerSettings.LostPlace;
import io.tally.stream.UserPartitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The newest records of the input: whether producers choose the right partition, and what the time is. */
public final class InputCheck {
    /** Of each partition. */
    private static final int SAMPLE = 500;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Further apart than clocks that are kept by NTP. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private final Map<String, Object> kafka;
    private final String topic;

    private int records;
    private int withoutKey;
    private int misplaced;
    private long newest = Long.MIN_VALUE;

    /** @param kafka how to connect */
    public InputCheck(Map<String, Object> kafka, String topic) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
    }

    /** What was found. */
    public List<Finding> findings() {
        Map<String, Object> settings = ConsumerSettings.committed(kafka, LostPlace.GO_ON);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, TIMEOUT).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            read(consumer, partitions);
        } catch (RuntimeException e) {
            return List.of(Finding.warning(
                    "input",
                    "it cannot be read: " + e.getMessage(),
                    "Read on " + topic + " is among the rights it needs."));
        }
        return records == 0
                ? List.of(Finding.ok("input", "no record was found at the end of " + topic))
                : List.of(partitioning(), clock(System.currentTimeMillis()));
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        UserPartitions users = new UserPartitions(partitions.size());
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions, TIMEOUT);
        consumer.assign(partitions);
        ends.forEach((partition, end) ->
                consumer.seek(partition, Math.max(starts.getOrDefault(partition, end), end - SAMPLE)));
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline
                && ends.entrySet().stream().anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                note(record, users);
            }
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record, UserPartitions users) {
        records++;
        newest = Math.max(newest, record.timestamp());
        if (record.key() == null) {
            withoutKey++;
        } else if (users.of(record.key()) != record.partition()) {
            misplaced++;
        }
    }

    private Finding partitioning() {
        String text = "of the newest " + records + " records " + misplaced
                + " stand in another partition than their user's, " + withoutKey + " have no key";
        return misplaced + withoutKey == 0
                ? Finding.ok("partitioner", text)
                : Finding.warning(
                        "partitioner",
                        text + ": what stands in a wrong one is written a second time, into the right one",
                        "Key records by user, and let producers choose the partition as Java's do"
                                + " (partitioner=murmur2_random for librdkafka).");
    }

    private Finding clock(long now) {
        long ahead = newest - now;
        return ahead <= CLOCK_TOLERANCE.toMillis()
                ? Finding.ok("clock", "no record is later than this machine's clock")
                : Finding.warning(
                        "clock",
                        "the newest record is " + ahead + " ms later than this machine's clock",
                        "Keep the clocks of brokers and this machine by NTP; with CreateTime, those of producers too.");
    }
}

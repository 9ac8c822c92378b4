package io.tally.stream;

import io.tally.ledger.LedgerSettings;
import io.tally.wire.SettingsCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The journal topic before the stores run on it: every partition starts with a record of the ledger's settings. Without it,
 * a journal that was lost would look like one of a new ledger.
 */
final class Journal {
    private static final String TOPIC_IDS = "tally.topic-ids";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, String> kafka;
    private final List<TopicPartition> partitions;

    Journal(Map<String, String> kafka, String topic, int partitionCount) {
        this.kafka = kafka;
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Reads the first record and the end of every partition; the list's index is the partition. */
    List<JournalHead> heads() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // The true end: a transaction that a killed instance left open must not make a bookmark look too far ahead.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            return partitions.stream()
                    .map(partition -> head(consumer, partition, ends.getOrDefault(partition, 0L)))
                    .toList();
        }
    }

    private static JournalHead head(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        if (consumer.position(partition) >= end) {
            return new JournalHead(null, null, end);
        }
        ConsumerRecord<byte[], byte[]> first = first(consumer, partition);
        if (first == null || first.key() == null || !SettingsCodec.isKey(first.key())) {
            return new JournalHead(null, null, end);
        }
        Header ids = first.headers().lastHeader(TOPIC_IDS);
        return new JournalHead(
                SettingsCodec.decode(first.value()),
                ids == null ? null : new String(ids.value(), StandardCharsets.US_ASCII),
                end);
    }

    private static @Nullable ConsumerRecord<byte[], byte[]> first(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            List<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(Duration.ofMillis(100)).records(partition);
            if (!records.isEmpty()) {
                return records.get(0);
            }
        }
        return null;
    }

    /** Writes the settings to the start of the partitions given. */
    void open(List<Integer> untouched, LedgerSettings settings, String topicIds) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition : untouched) {
                ProducerRecord<byte[], byte[]> opening = new ProducerRecord<>(
                        partitions.get(partition).topic(),
                        partition,
                        SettingsCodec.key(),
                        SettingsCodec.value(settings));
                opening.headers().add(TOPIC_IDS, topicIds.getBytes(StandardCharsets.US_ASCII));
                producer.send(opening).get();
            }
        } catch (ExecutionException e) {
            throw new StartRefusedException("The settings could not be written to the journal", AdminCalls.error(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("The start was interrupted", e);
        }
    }
}

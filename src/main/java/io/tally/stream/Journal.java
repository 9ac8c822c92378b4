package io.tally.stream;

import io.tally.ledger.LedgerSettings;
import io.tally.wire.JournalRecord;
import io.tally.wire.SettingsCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
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

/**
 * The journal topic before the stores run on it: every partition starts with a record of the ledger's settings. Without it,
 * a journal that was lost would look like one of a new ledger.
 */
final class Journal {
    private static final String TOPIC_IDS = "tally.topic-ids";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
    /** So many records at the end are looked at, markers of transactions among them. */
    private static final long LAST = 100;

    private final Map<String, String> kafka;
    private final List<TopicPartition> partitions;

    Journal(Map<String, String> kafka, String topic, int partitionCount) {
        this.kafka = kafka;
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Reads the beginning and the end of every partition; the list's index is the partition. */
    List<JournalEnds> ends() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // The true end: a transaction that lacks its markers, or was left open, must not put a bookmark beyond it.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // What is there is all that is asked for: waiting for more would cost half a second per partition.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> endOffsets = consumer.endOffsets(partitions);
            return partitions.stream()
                    .map(partition -> ends(consumer, partition, endOffsets.getOrDefault(partition, 0L)))
                    .toList();
        }
    }

    /** Reads up to the first entry, as several instances that made the ledger together wrote several settings records. */
    private static JournalEnds ends(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        consumer.assign(List.of(partition));
        List<ConsumerRecord<byte[], byte[]>> settings = new ArrayList<>();
        boolean decided = readUntil(consumer, partition, 0, end, next -> {
            if (!isEntry(next)) {
                settings.add(next);
            }
            return isEntry(next);
        });
        if (settings.isEmpty()) {
            return new JournalEnds(null, null, decided, 0, end);
        }
        ConsumerRecord<byte[], byte[]> opening = settings.get(0);
        Header ids = opening.headers().lastHeader(TOPIC_IDS);
        return new JournalEnds(
                SettingsCodec.decode(opening.value()),
                ids == null ? null : new String(ids.value(), StandardCharsets.US_ASCII),
                decided,
                newestVersion(consumer, partition, end),
                end);
    }

    /** The highest version among the last records of entries, aborted or not: who wrote last may have been a newer Tally. */
    private static int newestVersion(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        List<Integer> versions = new ArrayList<>();
        readUntil(consumer, partition, Math.max(0, end - LAST), end, next -> {
            if (isEntry(next)) {
                versions.add(JournalRecord.version(next.value()));
            }
            return false;
        });
        return versions.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static boolean isEntry(ConsumerRecord<byte[], byte[]> next) {
        return next.key() == null || !SettingsCodec.isKey(next.key());
    }

    /** Reads records until one is enough, and returns whether one was. */
    private static boolean readUntil(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long from,
            long end,
            Predicate<ConsumerRecord<byte[], byte[]>> enough) {
        consumer.seek(partition, from);
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> next :
                    consumer.poll(Duration.ofMillis(100)).records(partition)) {
                if (next.offset() >= end) {
                    break;
                }
                if (enough.test(next)) {
                    return true;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StartRefusedException("The journal's " + partition + " could not be read within "
                        + READ_TIMEOUT.toSeconds() + " s. Check the brokers.");
            }
        }
        return false;
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

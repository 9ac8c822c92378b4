package io.tally.rig;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.stream.FailStop;
import io.tally.stream.LedgerStart;
import io.tally.stream.LedgerStreams;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StreamSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A broker in a directory, and the means to start ledgers on it, to send commands and to read what comes of them. */
public final class LedgerRig implements AutoCloseable {
    /** Longer than anything takes on a slow machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    public static final String APPLICATION = "tally-test";

    private final Path directory;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    private LedgerRig(Path directory, EmbeddedBroker broker) {
        this.directory = directory;
        this.broker = broker;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public static LedgerRig start(Path directory) {
        return new LedgerRig(
                directory, EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(directory.resolve("broker"))));
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public LedgerTopics topics() {
        return settings().topics();
    }

    /** Settings of one instance with 2 partitions; change what a test is about with {@link ChangedSettings}. */
    public StreamSettings settings() {
        return settings("one", 2, Map.of());
    }

    public StreamSettings settings(String instance, int partitions, Map<String, String> moreKafka) {
        return settings(APPLICATION, "", instance, partitions, moreKafka);
    }

    /** Settings of a ledger of its own, with topics of its own, beside others on the same broker. */
    public StreamSettings settingsOf(String ledger, String instance, int partitions, Map<String, String> moreKafka) {
        return settings(ledger, ledger + "-", instance, partitions, moreKafka);
    }

    private StreamSettings settings(
            String application, String prefix, String instance, int partitions, Map<String, String> moreKafka) {
        Map<String, String> kafka = new HashMap<>(moreKafka);
        kafka.put("bootstrap.servers", bootstrapServers());
        return new StreamSettings(
                kafka,
                application,
                prefix,
                directory.resolve("state-" + instance),
                null,
                instance,
                1,
                0,
                64L << 20,
                0,
                new StreamSettings.NewLedger(partitions, (short) 1, 1, "USD", false));
    }

    /** Starts a ledger and waits until it runs. */
    public LedgerStreams startLedger(StreamSettings settings, FailStop failStop) {
        LedgerStreams ledger = new LedgerStart(settings, failStop).run(() -> {});
        Awaitility.await().atMost(PATIENCE).until(ledger::isRunning);
        return ledger;
    }

    /** Sends a record without waiting. */
    public void send(@Nullable String key, byte @Nullable [] value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(topics().input(), keyBytes, value));
    }

    /** Sends a record without waiting. */
    public void send(ProducerRecord<byte[], byte[]> record) {
        var ignored = producer.send(record);
    }

    /** Whether a ledger has decided all that its input holds. */
    public boolean isDecided(StreamSettings settings) {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(settings.applicationId())
                    .partitionsToOffsetAndMetadata()
                    .get();
            // Afterwards: what is committed may have brought copies to another partition.
            Map<TopicPartition, Long> ends = new HashMap<>();
            readAll(settings.topics().input())
                    .forEach(record -> ends.merge(
                            new TopicPartition(record.topic(), record.partition()), record.offset() + 1, Math::max));
            return ends.entrySet().stream()
                    .allMatch(end -> committed.containsKey(end.getKey())
                            && committed.get(end.getKey()).offset() >= end.getValue());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Expected the group's offsets", e);
        }
    }

    /** Sends a record and waits for the acknowledgement. */
    public RecordMetadata sendAndWait(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Expected the record to be acknowledged", e);
        }
    }

    /** A producer of somebody else, that can begin transactions; the caller's to close. */
    public KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** Sends a command as JSON, keyed by its user. */
    public void sendCommand(String userId, String json) {
        send(userId, json.getBytes(StandardCharsets.UTF_8));
    }

    public UUID deposit(String userId, String amount) {
        UUID uid = UUID.randomUUID();
        sendCommand(userId, command(uid, "DEPOSIT", userId, amount));
        return uid;
    }

    public UUID withdraw(String userId, String amount) {
        UUID uid = UUID.randomUUID();
        sendCommand(userId, command(uid, "WITHDRAW", userId, amount));
        return uid;
    }

    public static String command(UUID uid, String type, String userId, String amount) {
        return "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"user_id\":\"" + userId + "\",\"amount\":\""
                + amount + "\"}";
    }

    public void flush() {
        producer.flush();
    }

    /** Every committed record of a topic, up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        return readAll(topic, "read_committed");
    }

    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic, String isolation) {
        Properties config = new Properties();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** Waits until the topic holds this many committed records. */
    public List<ConsumerRecord<byte[], byte[]>> await(String topic, int count) {
        return Awaitility.await().atMost(PATIENCE).until(() -> readAll(topic), records -> records.size() >= count);
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        broker.close();
    }
}

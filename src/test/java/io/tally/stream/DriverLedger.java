package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.LedgerSettings;
import io.tally.ledger.LedgerView;
import io.tally.store.LedgerOrigin;
import io.tally.store.LedgerStore;
import io.tally.store.LedgerStoreSupplier;
import io.tally.store.StoreResources;
import io.tally.wire.CurrencyTables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Partition 0 of a ledger in the topology test driver. Records that are re-routed come back to it, as the driver has no
 * other partition.
 */
final class DriverLedger implements AutoCloseable {
    static final LedgerTopics TOPICS = LedgerTopics.of("", "driver");
    static final long RECORDED_AT = Instant.parse("2026-01-31T10:00:00Z").toEpochMilli();

    private static final StoreResources RESOURCES = new StoreResources(16L << 20);

    private final LedgerStoreSupplier stores;
    private final LedgerCounters counters = new LedgerCounters();
    private final Topology topology;
    private final TopologyTestDriver driver;

    private DriverLedger(LedgerSettings settings, Path stateDirectory) {
        CurrencyTable currencies = CurrencyTables.bundled();
        ThreadTransactions transactions = new ThreadTransactions(TOPICS.input(), true);
        transactions.bindToThread(
                new TxScope(TOPICS.input(), new Waiters(Runnable::run), CommitListener.NONE, Runnable::run));
        stores = new LedgerStoreSupplier(
                LedgerTopics.STORE,
                TOPICS.journal(),
                new LedgerOrigin("cluster", "topic"),
                RESOURCES,
                transactions,
                changelog -> {
                    throw new AssertionError("Expected every transaction to end before its store closes");
                });
        LedgerParts parts = new LedgerParts(
                settings,
                currencies,
                new UserPartitions(settings.partitions()),
                stores,
                transactions,
                new OutcomeRecords(currencies),
                new DeadLetterRecords(TOPICS.input()),
                counters);
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "driver",
                StreamsConfig.STATE_DIR_CONFIG,
                stateDirectory.toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2));
        topology = LedgerTopology.build(TOPICS, stores, () -> new LedgerProcessor(parts));
        driver = new TopologyTestDriver(topology, properties);
    }

    /** A ledger in US dollars without registration. */
    static DriverLedger open(Path stateDirectory, int partitions) {
        return new DriverLedger(
                new LedgerSettings(
                        partitions, "USD", false, CurrencyTables.bundled().version(), LedgerSettings.RULES_VERSION),
                stateDirectory);
    }

    /** What the driver runs. */
    Topology topology() {
        return topology;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A header's text, or null when the record does not have it. */
    static @Nullable String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    /** Sends a command keyed by its user; fields are JSON without the braces. */
    void send(String userId, UUID uid, String fields) {
        send(bytes(userId), bytes("{\"uid\":\"" + uid + "\"," + fields + "}"));
    }

    void send(byte @Nullable [] key, byte @Nullable [] value) {
        send(key, value, new RecordHeaders(), RECORDED_AT);
    }

    void send(byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestamp) {
        // The constructor that takes a long refuses what brokers may hold: negative times.
        driver.createInputTopic(TOPICS.input(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, Instant.ofEpochMilli(timestamp)));
    }

    /** The outcomes since the last call. */
    List<TestRecord<byte[], byte[]>> outcomes() {
        return read(TOPICS.output());
    }

    /** The dead letters since the last call. */
    List<TestRecord<byte[], byte[]>> deadLetters() {
        return read(TOPICS.deadLetters());
    }

    /** What was sent to the input itself since the last call. */
    List<TestRecord<byte[], byte[]>> rerouted() {
        return read(TOPICS.input());
    }

    private List<TestRecord<byte[], byte[]>> read(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** How many journal records were sent since the last call. */
    int journalled() {
        return read(TOPICS.journal()).size();
    }

    LedgerStore store() {
        return stores.storeOf(0);
    }

    LedgerView state() {
        return store().view();
    }

    LedgerCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        driver.close();
    }
}

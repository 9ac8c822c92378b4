package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store inside Kafka Streams' own metering and changelog layers, which the topology test driver builds. */
class StockLayersTest {
    private static final Account ADA = new Account("ada", "USD");

    @TempDir
    Path directory;

    /** Ends with the store's commit, as there is no producer that could tell. */
    private static final class DriverTransactions implements Transactions {
        @Override
        public void enlist(Participant participant) {}

        @Override
        public void withdraw(Participant participant) {}

        @Override
        public boolean endWithStoreCommit() {
            return true;
        }
    }

    private static final class Journaling implements Processor<byte[], byte[], byte[], byte[]> {
        private KeyValueStore<Bytes, byte[]> journal;

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            journal = context.getStateStore("ledger");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            journal.put(Bytes.wrap(record.key()), record.value());
        }
    }

    @Test
    void shouldPutAndCommitThroughTheStockLayers() {
        // Given
        LedgerStoreSupplier supplier = new LedgerStoreSupplier(
                "ledger",
                "ledger-test-ledger-changelog",
                StoreRig.ORIGIN,
                StoreRig.RESOURCES,
                new DriverTransactions(),
                changelog -> {});
        Decider decider = new Decider();
        try (TopologyTestDriver driver = new TopologyTestDriver(topology(supplier), config())) {
            TestInputTopic<byte[], byte[]> in =
                    driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
            LedgerStore store = supplier.storeOf(0);
            store.serve();

            // When
            JournalEntry first = decider.decide(Commands.deposit("ada", 5), store.view());
            in.pipeInput(JournalCodec.key(first), JournalCodec.value(first));
            JournalEntry second = decider.decide(Commands.deposit("ada", 6), store.view());
            in.pipeInput(JournalCodec.key(second), JournalCodec.value(second));

            // Then
            assertThat(driver.getKeyValueStore("ledger")).isNotSameAs(store);
            assertThat(store.ask(new LedgerQuery<>(0, reader -> reader.head(ADA).balance())))
                    .isEqualTo(new Reading.Answered<>(11L));
            assertThat(driver.producedTopicNames()).containsExactly("ledger-test-ledger-changelog");
            assertThat(store.committedOffset(store.changelog())).isEqualTo(1);
        }
    }

    private static Topology topology(LedgerStoreSupplier supplier) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new Topology()
                .addSource("source", bytes, bytes, "in")
                .addProcessor("processor", Journaling::new, "source")
                .addStateStore(
                        Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingDisabled()
                                .withLoggingEnabled(Map.of()),
                        "processor");
    }

    private Properties config() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "ledger-test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        return config;
    }
}

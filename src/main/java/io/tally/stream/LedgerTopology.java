package io.tally.stream;

import io.tally.store.LedgerStoreSupplier;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology: one processor that decides, with the journal store beside it and three sinks behind it. The sink of
 * re-routed records leads back to the input. No sink has a partitioner: Kafka Streams would ask the cluster for the
 * partition count in the middle of a record, and a time-out there commits half of it.
 */
final class LedgerTopology {
    static final String COMMANDS = "commands";
    static final String DECIDE = "decide";
    static final String OUTCOMES = "outcomes";
    static final String DEAD_LETTERS = "dead-letters";
    static final String REROUTED = "rerouted";

    private LedgerTopology() {}

    static Topology build(
            LedgerTopics topics,
            LedgerStoreSupplier stores,
            ProcessorSupplier<byte[], byte[], byte[], byte[]> deciding) {
        ByteArrayDeserializer in = new ByteArrayDeserializer();
        ByteArraySerializer out = new ByteArraySerializer();
        return new Topology()
                // A new ledger commits its first offsets itself, so a missing offset is a lost one.
                .addSource(AutoOffsetReset.none(), COMMANDS, new RecordTime(), in, in, topics.input())
                .addProcessor(DECIDE, deciding, COMMANDS)
                .addStateStore(journal(stores), DECIDE)
                .addSink(OUTCOMES, topics.output(), out, out, DECIDE)
                .addSink(DEAD_LETTERS, topics.deadLetters(), out, out, DECIDE)
                .addSink(REROUTED, topics.input(), out, out, DECIDE);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> journal(LedgerStoreSupplier stores) {
        return Stores.keyValueStoreBuilder(stores, Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }
}

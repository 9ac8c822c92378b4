package io.tally.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * A ledger as a good tutorial on Kafka Streams writes it: Streams' own RocksDB stores for accounts and for uids that were
 * decided, trees of JSON, exactly once.
 */
final class TextbookLedger implements AutoCloseable {
    static final String ACCOUNTS = "accounts";
    static final String DECIDED = "decided";

    private static final Duration STOP = Duration.ofSeconds(30);

    private final KafkaStreams streams;

    private TextbookLedger(KafkaStreams streams) {
        this.streams = streams;
    }

    static TextbookLedger start(PeerSettings settings, Tuning tuning) {
        Map<String, Object> config = new HashMap<>(tuning.streamsConfig());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        KafkaStreams streams = new KafkaStreams(topology(settings, tuning), new StreamsConfig(config));
        streams.setUncaughtExceptionHandler(failure -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        streams.start();
        return new TextbookLedger(streams);
    }

    private static Topology topology(PeerSettings settings, Tuning tuning) {
        Serde<JsonNode> json = JsonSerde.create();
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(tuning.cache(store(ACCOUNTS, json)));
        builder.addStateStore(tuning.cache(store(DECIDED, Serdes.Long())));
        builder.stream(settings.input(), Consumed.with(Serdes.String(), json))
                .process(TextbookProcessor::new, ACCOUNTS, DECIDED)
                .to(settings.output(), Produced.with(Serdes.String(), json));
        return builder.build();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }

    @Override
    public void close() {
        streams.close(STOP);
    }

    /**
     * Runs until the process is told to end.
     *
     * @param arguments the tuning, then the settings
     */
    public static void main(String[] arguments) {
        Tuning tuning = Tuning.valueOf(arguments[0]);
        String[] settings = Arrays.copyOfRange(arguments, 1, arguments.length);
        TextbookLedger ledger = start(PeerSettings.ofArguments(settings), tuning);
        Runtime.getRuntime().addShutdownHook(new Thread(ledger::close));
    }
}

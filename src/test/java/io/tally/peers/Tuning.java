package io.tally.peers;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.StoreBuilder;

/** How a textbook ledger is set. */
enum Tuning {
    /** As Kafka comes. */
    DEFAULTS {
        @Override
        Map<String, Object> streamsConfig() {
            return Map.of();
        }

        @Override
        <S extends StoreBuilder<?>> S cache(S store) {
            return store;
        }
    },
    /** What is usually raised for throughput, much of it to what the ledger has. */
    TUNED {
        @Override
        Map<String, Object> streamsConfig() {
            Map<String, Object> config = new HashMap<>();
            config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, THREADS);
            config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
            config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
            config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 10_000);
            config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, TunedRocksDb.class);
            config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5_000);
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
            config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
            config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
            config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
            return config;
        }

        @Override
        <S extends StoreBuilder<?>> S cache(S store) {
            store.withCachingEnabled();
            return store;
        }
    };

    private static final int THREADS = Integer.getInteger("tuned.threads", 2);
    private static final long COMMIT_INTERVAL_MS = Long.getLong("tuned.commit", 1_000);
    private static final long CACHE_BYTES = Long.getLong("tuned.cache", 128) << 20;

    abstract Map<String, Object> streamsConfig();

    abstract <S extends StoreBuilder<?>> S cache(S store);
}

package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** Every Kafka setting that matters, each with its reason. */
final class StreamsProperties {
    private StreamsProperties() {}

    /**
     * The settings of Kafka Streams and its clients.
     *
     * @throws StartRefusedException if the operator's time-outs contradict each other, or a limit is below what is written
     */
    static StreamsConfig of(StreamSettings settings) {
        Map<String, Object> properties = new HashMap<>(tuning());
        properties.keySet().removeIf(name -> isChosen(name, settings.kafka()));
        properties.putAll(settings.kafka());
        properties.putAll(identity(settings));
        properties.putAll(exactlyOnce());
        StreamsConfig config = new StreamsConfig(properties);
        refuseLongPolls(config);
        refuseSizeLimits(config);
        return config;
    }

    /** Whether the operator chose a value under a name that Kafka Streams would let ours go before. */
    private static boolean isChosen(String name, Map<String, String> kafka) {
        String bare = FixedSettings.bare(name);
        boolean forMain = name.equals(StreamsConfig.mainConsumerPrefix(bare));
        return kafka.containsKey(bare) || forMain && kafka.containsKey(StreamsConfig.consumerPrefix(bare));
    }

    private static void refuseLongPolls(StreamsConfig config) {
        String pollName = ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
        long poll = number(pollName, config.getMainConsumerConfigs("", "", 0).get(pollName));
        String transactionName = ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
        long transaction = number(transactionName, config.getProducerConfigs("").get(transactionName));
        if (poll >= transaction) {
            throw new StartRefusedException(pollName + " is " + poll + " and " + transactionName + " is " + transaction
                    + ": an instance would lose its transaction before it loses its partitions."
                    + " Set KAFKA_MAX_POLL_INTERVAL_MS below KAFKA_TRANSACTION_TIMEOUT_MS.");
        }
    }

    /** What the producer does not take stops the ledger just as what a broker does not take. */
    private static void refuseSizeLimits(StreamsConfig config) {
        Map<String, Object> producer = config.getProducerConfigs("");
        for (String name : List.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, ProducerConfig.BUFFER_MEMORY_CONFIG)) {
            // Kafka's own are larger.
            Object chosen = producer.getOrDefault(name, LedgerTopics.LARGEST_COPY);
            if (number(name, chosen) < LedgerTopics.LARGEST_COPY) {
                throw new StartRefusedException(name + " is " + chosen + ", but what is written may have "
                        + LedgerTopics.LARGEST_COPY
                        + " bytes: nothing more would be decided after such a record. Set KAFKA_"
                        + name.toUpperCase(Locale.ROOT).replace('.', '_') + " to " + LedgerTopics.LARGEST_COPY
                        + " or more.");
            }
        }
    }

    /** A whole number as Kafka's clients take it: as such, or as text. */
    static long number(String name, @Nullable Object value) {
        return (Long) ConfigDef.parseType(name, String.valueOf(value), ConfigDef.Type.LONG);
    }

    private static Map<String, Object> identity(StreamSettings settings) {
        Map<String, Object> identity = new HashMap<>();
        identity.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        identity.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        identity.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streamThreads());
        identity.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        // Static membership: an instance that was killed gets its partitions back at once instead of after a time-out.
        identity.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), settings.groupInstanceId());
        if (settings.applicationServer() != null) {
            identity.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.applicationServer());
        }
        return identity;
    }

    /** What no setting may change. */
    private static Map<String, Object> exactlyOnce() {
        return Map.of(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                // The new protocol has no static membership in 4.3 and loses query metadata with several threads.
                StreamsConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                // A generated name changes with the topology: the journal would be another topic.
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
                true);
    }

    private static Map<String, Object> tuning() {
        Map<String, Object> tuning = new HashMap<>();
        // The safety net: TxConsumer asks for commits.
        tuning.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        // More than one poll brings: beyond it a partition is paused.
        tuning.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 5_000);
        // Each task has one partition, so there is nothing to wait for. Otherwise a task without records formats
        // a message on each round, which nobody reads.
        tuning.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // A task moves to an instance that is this close behind. At full load that is 9 s and 350,000 entries, with
        // fewer commands less; a rebalance measures it some seconds late. Kafka's own is twice as many (ADR 33). A
        // change of owner is looked for every minute instead of every ten.
        tuning.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 5_000L);
        tuning.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        // A partition that moved away and is back within the hour finds its store; Kafka's own is ten minutes.
        tuning.put(StreamsConfig.STATE_CLEANUP_DELAY_MS_CONFIG, 3_600_000L);

        // What is polled is kept until all of it is decided: with 15,000, 170 MiB more were resident (ADR 34). How many
        // records share a transaction is for TxConsumer to say.
        tuning.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 3_000);
        // What is restored without a break: 20,000 entries, when the records are full (ADR 33).
        tuning.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 250);
        // One fetch can bring what a transaction takes.
        tuning.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
        // So long the others wait before they take over from an instance that is gone (ADR 10); Kafka's own is 45 s.
        tuning.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        tuning.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        // Below the transaction time-out: who is thrown out of the group must not find its transaction aborted first.
        tuning.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 45_000);
        // A call that takes longer than the poll interval would cost the membership; Streams asks again.
        tuning.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG), 10_000);
        // Nobody waits for it, as heirs end what is open. A shorter one fences healthy instances in a pause (ADR 10).
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
        // Below the poll interval as well; Kafka's own is a minute.
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 30_000L);
        // Nobody waits for it: a commit flushes. Without it the sender takes records away one by one while they are
        // decided, and the brokers get many requests instead of a few (ADR 16).
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 100);
        // Each batch is a compressor made anew, a request, and an append in the broker (ADR 16).
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
        // Without it outcomes take four times the room, and the broker more time (ADR 29).
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // The markers of the transaction before take the broker 3 to 4 ms, and what comes earlier is tried again
        // (BENCHMARKS.md); Kafka's own pause is 100 ms.
        tuning.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5L);
        return tuning;
    }
}

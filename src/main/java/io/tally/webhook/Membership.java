package io.tally.webhook;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A place in the group that shares the partitions of the output. Reads nothing itself. For one thread. */
final class Membership implements AutoCloseable {
    /** As long as the ledger's own: who is killed is replaced after this, who comes back before takes up its partitions. */
    private static final int SESSION_TIMEOUT_MS = 10_000;

    private static final int HEARTBEAT_MS = 2_000;
    private static final int MAX_POLL_INTERVAL_MS = 60_000;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    /** One who died leaves a transaction to the brokers for 10 s, and they look every 10 s. */
    private static final Duration TRANSACTIONS = Duration.ofSeconds(30);

    private static final String HEARTBEAT = "last-heartbeat-seconds-ago";

    /** Hears of partitions, within {@link #poll}. */
    interface Listener {
        /** These, and no others, are this instance's from now on. */
        void assigned(Set<Integer> partitions);

        /** They will be another's: what is known of them can still be written. */
        void revoked();

        /** They are another's already. */
        void lost();
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Metric heartbeat;
    private final double sessionSeconds;

    private Membership(KafkaConsumer<byte[], byte[]> consumer, double sessionSeconds) {
        this.consumer = consumer;
        this.sessionSeconds = sessionSeconds;
        this.heartbeat = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(HEARTBEAT))
                .findAny()
                .orElseThrow(() -> new IllegalStateException("Expected a consumer to have the metric " + HEARTBEAT));
    }

    static Membership join(WebhookSettings settings, Listener listener) {
        Map<String, Object> config = new HashMap<>(settings.kafka());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.instanceId());
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MS);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Of no meaning: nothing is read, and the places are in the progress.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(settings.output()), rebalances(consumer, listener));
        String session = config.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG).toString();
        return new Membership(consumer, Double.parseDouble(session) / 1_000);
    }

    private static ConsumerRebalanceListener rebalances(KafkaConsumer<byte[], byte[]> consumer, Listener listener) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(partitions);
                // Waits until the transactions of those who had them before are decided.
                consumer.committed(consumer.assignment(), TRANSACTIONS);
                Set<Integer> numbers = new TreeSet<>();
                consumer.assignment().forEach(partition -> numbers.add(partition.partition()));
                listener.assigned(numbers);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                listener.revoked();
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                listener.lost();
            }
        };
    }

    /** Keeps the place, and hears of changes; waits this long for them. */
    void poll(Duration timeout) {
        consumer.poll(timeout);
    }

    /**
     * Whether the group can be reached: the last heartbeat was sent within its session. The client sends no more once the coordinator
     * is away, or has not answered for a session; so that takes at most two.
     */
    boolean isHeard() {
        double secondsAgo = (Double) heartbeat.metricValue();
        return secondsAgo >= 0 && secondsAgo <= sessionSeconds;
    }

    /** Proves to the brokers who writes. */
    ConsumerGroupMetadata metadata() {
        return consumer.groupMetadata();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}

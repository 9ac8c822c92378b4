package io.tally.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run is like.
 *
 * @param seed gives the order of the faults, what each does, and the load
 * @param time how long faults come; one that has begun is ended, and at least one round is run
 * @param brokers 1 or 3
 * @param instances 1 to 3
 * @param perSecond records sent to Kafka
 * @param httpPerSecond writes sent over HTTP
 * @param faults each comes once in a round
 * @param directory for data and logs
 */
record ChaosSettings(
        long seed,
        Duration time,
        int brokers,
        int instances,
        int perSecond,
        int httpPerSecond,
        List<FaultKind> faults,
        Path directory) {
    /** Nothing takes longer, whatever was broken. */
    static final Duration PATIENCE = Duration.ofSeconds(180);

    static final Duration LOOK = Duration.ofMillis(100);

    /** How long a member that is silent keeps its partitions. */
    static final Duration SESSION = Duration.ofSeconds(6);

    /** How long a transaction that nobody ends stays open. */
    static final Duration TRANSACTION = Duration.ofSeconds(10);

    /** How long a commit waits for its answer. */
    static final Duration COMMIT = Duration.ofSeconds(9);

    private static final List<String> NAMES = List.of("one", "two", "three");

    ChaosSettings {
        if (brokers != 1 && brokers != 3 || instances < 1 || instances > NAMES.size()) {
            throw new IllegalArgumentException(
                    "Expected 1 or 3 brokers and 1 to 3 instances, but got " + brokers + " and " + instances);
        }
    }

    /** As the system properties {@code chaos.…} say. */
    static ChaosSettings ofProperties(Path directory) {
        return new ChaosSettings(
                Long.getLong("chaos.seed", System.nanoTime()),
                Duration.ofSeconds((long) (60 * Double.parseDouble(System.getProperty("chaos.minutes", "10")))),
                Integer.getInteger("chaos.brokers", 1),
                Integer.getInteger("chaos.instances", 3),
                Integer.getInteger("chaos.rate", 1_500),
                Integer.getInteger("chaos.http.rate", 100),
                FaultKind.named(System.getProperty("chaos.faults", "")),
                directory);
    }

    List<String> names() {
        return NAMES.subList(0, instances);
    }

    /** The environment of an instance: Kafka's time-outs are shorter than ours, or the run would wait most of its time. */
    Map<String, String> environment(String name, String bootstrapServers) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put("KAFKA_GROUP_INSTANCE_ID", name);
        environment.put("KAFKA_SESSION_TIMEOUT_MS", millis(SESSION));
        environment.put("KAFKA_HEARTBEAT_INTERVAL_MS", "2000");
        environment.put("KAFKA_MAX_POLL_INTERVAL_MS", millis(TRANSACTION.minusSeconds(1)));
        environment.put("KAFKA_MAIN_CONSUMER_DEFAULT_API_TIMEOUT_MS", "8000");
        environment.put("KAFKA_TRANSACTION_TIMEOUT_MS", millis(TRANSACTION));
        environment.put("KAFKA_MAX_BLOCK_MS", millis(COMMIT));
        environment.put("TALLY_STANDBY_REPLICAS", instances > 1 ? "1" : "0");
        // The least there is: files are written often, so there are some to lose and a full disk shows.
        environment.put("TALLY_STORE_MEMORY_MB", "16");
        return environment;
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}

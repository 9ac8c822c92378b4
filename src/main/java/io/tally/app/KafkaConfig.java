package io.tally.app;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Kafka is reached, and as whom.
 *
 * @param bootstrapServers one or more {@code host:port}, comma-separated
 * @param applicationId the ledger's name: consumer group, transactional ids
 * @param applicationServer {@code host:port} at which other instances reach this one; null is the HTTP address
 * @param groupInstanceId the static membership id, or null for the one in the data directory
 * @param clientSettings any other client settings, by Kafka's names
 */
public record KafkaConfig(
        String bootstrapServers,
        String applicationId,
        @Nullable String applicationServer,
        @Nullable String groupInstanceId,
        Map<String, String> clientSettings) {

    public KafkaConfig {
        clientSettings = Map.copyOf(clientSettings);
    }

    static KafkaConfig of(SettingValues values) {
        return new KafkaConfig(
                values.text(Setting.KAFKA_BOOTSTRAP_SERVERS).replaceAll("\\s", ""),
                values.text(Setting.KAFKA_APPLICATION_ID),
                values.textOrNull(Setting.KAFKA_APPLICATION_SERVER),
                values.textOrNull(Setting.KAFKA_GROUP_INSTANCE_ID),
                values.kafkaSettings());
    }

    KafkaConfig withBootstrapServers(String servers) {
        return new KafkaConfig(servers, applicationId, applicationServer, groupInstanceId, clientSettings);
    }

    KafkaConfig withGroupInstanceId(String id) {
        return new KafkaConfig(bootstrapServers, applicationId, applicationServer, id, clientSettings);
    }

    /** What a plain client needs to connect, to be completed with its own settings, which go before the user's. */
    Map<String, Object> connection() {
        return new HashMap<>(settings());
    }

    /** The user's client settings, and the brokers. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(clientSettings);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }
}

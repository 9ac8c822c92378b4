package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka takes the brokers' settings, and brokers and clients find each other by them. */
class ComposeBrokersTest {
    /** Read by the scripts around Kafka. */
    private static final String HEAP = "KAFKA_HEAP_OPTS";

    /** In which alone brokers differ. */
    private static final Set<String> OWN = Set.of("KAFKA_NODE_ID", "KAFKA_ADVERTISED_LISTENERS");

    static List<Compose> projects() throws IOException {
        return Compose.all();
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldUseSettingsThatKafkaTakes(Compose project) {
        project.brokers().forEach((name, broker) -> {
            // Given
            Properties properties = properties(broker);

            // When
            KafkaConfig config = new KafkaConfig(properties);

            // Then
            assertThat(KafkaConfig.configDef().names()).as(name).containsAll(properties.stringPropertyNames());
            assertThat(config.logDirs())
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(directory ->
                            assertThat(Compose.sourceOf(broker, directory)).isEqualTo(name));
        });
    }

    private static Properties properties(JsonNode broker) {
        Properties properties = new Properties();
        Compose.environment(broker).forEach((variable, value) -> {
            if (variable.startsWith("KAFKA_") && !variable.equals(HEAP)) {
                properties.put(
                        variable.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        return properties;
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldSayWhereABrokerIsReached(Compose project) {
        project.brokers().forEach((name, broker) -> {
            int hostPort = Compose.ports(broker).get(9092);
            assertThat(broker.path("environment")
                            .path("KAFKA_ADVERTISED_LISTENERS")
                            .asText())
                    .isEqualTo("INSIDE://" + name + ":19092,OUTSIDE://127.0.0.1:" + hostPort);
            assertThat(broker.path("environment").path("KAFKA_LISTENERS").asText())
                    .contains("INSIDE://:19092", "OUTSIDE://:9092", "CONTROLLER://:9093");
        });
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldFormOneClusterOfAllBrokers(Compose project) {
        // Given
        Map<String, JsonNode> brokers = project.brokers();
        String voters = brokers.entrySet().stream()
                .map(broker -> broker.getValue()
                                .path("environment")
                                .path("KAFKA_NODE_ID")
                                .asText() + "@" + broker.getKey() + ":9093")
                .collect(Collectors.joining(","));

        // Then
        Set<Map<String, String>> shared = new HashSet<>();
        brokers.values().forEach(broker -> {
            Map<String, String> settings = Compose.environment(broker);
            assertThat(settings).containsEntry("KAFKA_CONTROLLER_QUORUM_VOTERS", voters);
            assertThat(Uuid.fromString(settings.get("CLUSTER_ID"))).isNotEqualTo(Uuid.ZERO_UUID);
            settings.keySet().removeAll(OWN);
            shared.add(settings);
        });
        assertThat(shared).as("what they have in common").hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldKeepAsManyReplicasAsThereAreBrokers(Compose project) {
        int brokers = project.brokers().size();
        for (JsonNode broker : project.brokers().values()) {
            assertThat(Compose.environment(broker))
                    .containsEntry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", Integer.toString(brokers))
                    .containsEntry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", Integer.toString(brokers))
                    .containsEntry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", Integer.toString(Math.max(1, brokers - 1)))
                    .containsEntry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", Integer.toString(brokers))
                    .containsEntry(
                            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", Integer.toString(Math.max(1, brokers - 1)));
        }
        project.instances().forEach((name, instance) -> {
            assertThat(Compose.environment(instance).getOrDefault("TALLY_REPLICATION", "1"))
                    .as(name)
                    .isEqualTo(Integer.toString(brokers));
            project.brokers()
                    .keySet()
                    .forEach(broker -> assertThat(instance.path("depends_on").has(broker))
                            .as("%s waits for %s", name, broker)
                            .isTrue());
        });
    }
}

package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.rig.TallyProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldSendToTheNamedLedgerUntilItIsToldToEnd() throws Exception {
        // Given
        Map<String, String> settings =
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "TALLY_TOPIC_PREFIX", "bank.");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("bank.transactions-in", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (TallyProcess demo = TallyProcess.start(folder.resolve("output.txt"), settings, "demo")) {
            demo.awaitOutput("Demo   ", PATIENCE);
            awaitCommands("bank.transactions-in");

            // When
            int code = demo.terminate();

            // Then
            assertThat(code).isEqualTo(143);
        }
    }

    /** More than the users are opened with: movements as well. */
    private static void awaitCommands(String topic) {
        Set<Long> offsets = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> offsets.add(record.offset()));
                return offsets.size() >= 8;
            });
        }
    }

    @Test
    void shouldNotSendToALedgerThatIsNotThere() {
        // When
        CommandRun run = CommandRun.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()), "", "demo");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("has no ledger under this name");
        assertThat(run.out()).isEmpty();
    }
}

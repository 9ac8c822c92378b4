package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTrafficIT {
    @TempDir
    private Path folder;

    @Test
    void shouldOpenUsersAndMoveTheirMoney() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            // Given
            admin.createTopics(List.of(new NewTopic("transactions-in", 1, (short) 1)))
                    .all()
                    .get();
            consumer.assign(List.of(new TopicPartition("transactions-in", 0)));
            TallyConfig config = TallyConfig.of(
                    SettingValues.read(Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()), Map.of()));
            List<ConsumerRecord<String, String>> records = new ArrayList<>();

            // When
            try (DemoTraffic traffic = DemoTraffic.start(config.kafka(), "transactions-in")) {
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                    return records.size() >= 8;
                });
            }

            // Then
            for (ConsumerRecord<String, String> record : records) {
                JsonNode command = new ObjectMapper().readTree(record.value());
                assertThat(record.key())
                        .isEqualTo(command.path("user_id").asText())
                        .startsWith("demo-");
                assertThat(command.path("uid").asText()).hasSize(36);
                assertThat(command.path("type").asText()).isIn("OPEN", "DEPOSIT", "WITHDRAW");
            }
        }
    }
}

package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a transaction that a partition has open, while it lives and when nobody will end it (ADR 12). */
class DoctorTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String COORDINATORS = "__transaction_state";

    @TempDir
    private Path folder;

    @Test
    void shouldNameThePartitionThatATransactionHoldsUpForEver() throws Exception {
        try (EmbeddedBroker broker = broker()) {
            // Given
            makeLedger(broker);
            leaveOpen(broker, "gone");
            assertThat(doctor(broker).out()).containsPattern("ok +left open +no transaction that nobody will end");
            forgetTheOpenTransaction(broker);
        }

        try (EmbeddedBroker broker = broker()) {
            // When
            CommandRun run = doctor(broker);

            // Then
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out())
                    .containsPattern(
                            "problem +left open +transactions-in-0 stands still at offset 0: the transaction of"
                                    + " producer id \\d+ has ended, but is open there")
                    .contains("Do not abort it before you know how it ended: docs/OPERATIONS.md");
        }
    }

    private EmbeddedBroker broker() {
        return EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")));
    }

    private void makeLedger(EmbeddedBroker broker) {
        try (Service service = Service.start(TallyConfig.of(SettingValues.read(environment(broker), Map.of())))) {
            assertThat(service.awaitReady(PATIENCE)).isTrue();
        }
    }

    private CommandRun doctor(EmbeddedBroker broker) {
        return CommandRun.of(environment(broker), "", "doctor");
    }

    private Map<String, String> environment(EmbeddedBroker broker) {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "KAFKA_GROUP_INSTANCE_ID",
                "one",
                "TALLY_HTTP_PORT",
                "0",
                "TALLY_DATA_DIR",
                folder.resolve("data").toString());
    }

    private static void leaveOpen(EmbeddedBroker broker, String transactionalId) throws Exception {
        KafkaProducer<byte[], byte[]> producer = producer(broker, Map.of("transactional.id", transactionalId));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("transactions-in", 0, bytes("ada"), bytes("{}")))
                .get();
        producer.close(Duration.ZERO);
    }

    /**
     * Writes behind the coordinator's back that the id has no transaction, as it had written before it began one: what a broker
     * reads at its next start.
     */
    private static void forgetTheOpenTransaction(EmbeddedBroker broker) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> states = states(broker);
        ConsumerRecord<byte[], byte[]> open = states.get(states.size() - 1);
        ConsumerRecord<byte[], byte[]> none = states.stream()
                .filter(state -> state.partition() == open.partition())
                .filter(state -> Arrays.equals(state.key(), open.key()))
                .findFirst()
                .orElseThrow();
        // The only client that may write to Kafka's own topics.
        try (KafkaProducer<byte[], byte[]> producer = producer(broker, Map.of("client.id", "__admin_client"))) {
            producer.send(new ProducerRecord<>(COORDINATORS, none.partition(), none.key(), none.value()))
                    .get();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> states(EmbeddedBroker broker) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(COORDINATORS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long left = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            List<ConsumerRecord<byte[], byte[]>> states = new ArrayList<>();
            while (states.size() < left) {
                consumer.poll(Duration.ofMillis(100)).forEach(states::add);
            }
            states.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            return states;
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

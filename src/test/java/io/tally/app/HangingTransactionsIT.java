package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that a partition has open: told apart while they live and when nobody will end them (ADR 12). */
class HangingTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String COORDINATORS = "__transaction_state";
    private static final String OWN = "tally-gone";
    private static final String STRANGE = "stranger";
    private static final long LONG_AGO = 1_000_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void shouldNameWhatTransactionsHoldUpForEverAndNotWriteBehindItsOwn() throws Exception {
        try (EmbeddedBroker broker = broker()) {
            // Given: two that live.
            makeLedger(broker);
            leaveOpen(broker, OWN, new ProducerRecord<>("transactions-out", 0, bytes("ada"), bytes("{}")));
            leaveOpen(
                    broker, STRANGE, new ProducerRecord<>("transactions-out", 1, LONG_AGO, bytes("bob"), bytes("{}")));
            assertThat(doctor(broker).out()).containsPattern("ok +left open +no transaction that nobody will end");

            // Given: one that has ended elsewhere, and one that no coordinator knows, as a broker reads it when it
            // starts.
            List<ConsumerRecord<byte[], byte[]>> own = states(broker, OWN);
            write(broker, own.get(0).partition(), own.get(0).key(), own.get(0).value());
            ConsumerRecord<byte[], byte[]> strange = states(broker, STRANGE).get(0);
            write(broker, strange.partition(), strange.key(), null);
        }

        try (EmbeddedBroker broker = broker()) {
            // When
            CommandRun doctor = doctor(broker);
            CommandRun start = CommandRun.of(environment(broker), "", "serve");

            // Then
            assertThat(doctor.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(doctor.out())
                    .containsPattern(
                            "problem +left open +transactions-out-0 stands still at offset 0: a transaction of tally-gone"
                                    + " \\(producer id \\d+\\) has ended, but is open there")
                    .contains("Stop Tally. Do not abort it before you know how it ended: docs/OPERATIONS.md")
                    .containsPattern(
                            "warning +left open +transactions-out-1 stands still at offset 0: no coordinator tells this"
                                    + " client of the transaction of producer id \\d+");
            assertThat(start.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(start.err())
                    .contains(
                            "Transactions of this ledger have ended, but are open for ever in [transactions-out-0 from offset 0]")
                    .contains("docs/OPERATIONS.md");
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
        return InstanceSettings.of(broker, folder.resolve("data"));
    }

    private static void leaveOpen(EmbeddedBroker broker, String transactionalId, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        KafkaProducer<byte[], byte[]> producer = producer(broker, Map.of("transactional.id", transactionalId));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(record).get();
        producer.close(Duration.ZERO);
    }

    /** Behind the coordinator's back, as the only client that may write to Kafka's own topics. */
    private static void write(EmbeddedBroker broker, int partition, byte[] key, byte @Nullable [] value)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(broker, Map.of("client.id", "__admin_client"))) {
            producer.send(new ProducerRecord<>(COORDINATORS, partition, key, value))
                    .get();
        }
    }

    /** What the coordinators wrote of an id: first that it has no transaction, in the end the open one. */
    private static List<ConsumerRecord<byte[], byte[]>> states(EmbeddedBroker broker, String transactionalId) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(COORDINATORS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> states = new ArrayList<>();
            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(states::add);
                return partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            });
            states.removeIf(state -> !new String(state.key(), StandardCharsets.ISO_8859_1).endsWith(transactionalId));
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

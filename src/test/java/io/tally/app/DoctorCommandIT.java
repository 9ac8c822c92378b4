package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.rig.Accidents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a ledger's surroundings, from before it exists to when they were spoilt. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoctorCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, String> environment;
    private static CompletableFuture<CommandRun> unreachable;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")));
        environment = InstanceSettings.of(broker, folder.resolve("data"));
        // Takes ten seconds, and disturbs nobody.
        unreachable = CompletableFuture.supplyAsync(() -> doctor(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static CommandRun doctor(Map<String, String> more, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        String[] command = new String[arguments.length + 1];
        command[0] = "doctor";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return CommandRun.of(all, "", command);
    }

    @Test
    @Order(1)
    void shouldMakeNothingWhereThereIsNoLedger() throws Exception {
        // When
        CommandRun run = doctor(Map.of());

        // Then
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out())
                .containsPattern("ok +memory +Java ")
                .containsPattern("ok +RocksDB ")
                .containsPattern("ok +data directory +.* is not there yet and can be made")
                .containsPattern("ok +disk ")
                .containsPattern("warning +brokers +1 broker: with the loss of one")
                .containsPattern("ok +leader election ")
                .containsPattern("ok +transactions ")
                .containsPattern("ok +ledger +none of its topics exists; a start");
        try (Admin admin = admin()) {
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    @Order(2)
    void shouldFindALedgerThatRunsInOrder() {
        // Given
        try (Service service = Service.start(TallyConfig.of(SettingValues.read(environment, Map.of())))) {
            assertThat(service.awaitReady(PATIENCE)).isTrue();

            // When
            CommandRun run = doctor(Map.of());

            // Then
            assertThat(run.exitCode()).as(run.out()).isZero();
            assertThat(run.out())
                    .containsPattern("ok +ledger +its topics are as they must be")
                    .containsPattern("ok +rights ")
                    .containsPattern("ok +input +no record was found at the end of transactions-in");
        }
    }

    @Test
    @Order(3)
    void shouldNameWhatProducersDoWrong() throws Exception {
        // Given: records of one user in each of the four partitions, and one without a key.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < 4; partition++) {
                producer.send(new ProducerRecord<>("transactions-in", partition, bytes("ada"), bytes("{}")))
                        .get();
            }
            producer.send(new ProducerRecord<>("transactions-in", 0, null, bytes("{}")))
                    .get();
        }

        // When
        CommandRun run = doctor(Map.of(), "--json");

        // Then
        assertThat(run.exitCode()).isZero();
        JsonNode findings = new ObjectMapper().readTree(run.out());
        assertThat(of(findings, "partitioner").path("level").asText()).isEqualTo("WARNING");
        assertThat(of(findings, "partitioner").path("text").asText())
                .contains("of the newest 5 records 3 stand in another partition", "1 have no key");
        assertThat(of(findings, "partitioner").path("fix").asText()).contains("murmur2_random");
        assertThat(of(findings, "clock").path("level").asText()).isEqualTo("OK");
    }

    @Test
    @Order(4)
    void shouldNameEveryThingThatAStartWouldRefuse() {
        // Given
        try (Admin admin = admin()) {
            Accidents accidents = new Accidents(admin);
            accidents.configure("transactions-out", "cleanup.policy", "compact");
            accidents.configure("tally-ledger-changelog", "retention.ms", "1000");
            accidents.configure("transactions-in", "unclean.leader.election.enable", "true");
        }

        // When
        CommandRun run = doctor(Map.of("TALLY_PARTITIONS", "8"));

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .containsPattern("problem +ledger +TALLY_PARTITIONS is 8 but transactions-in has 4")
                .containsPattern("problem +ledger +Topic transactions-out has cleanup.policy=compact")
                .containsPattern("problem +ledger +Topic tally-ledger-changelog has finite retention")
                .containsPattern("problem +ledger +unclean.leader.election.enable=true of \\[transactions-in]");
    }

    @Test
    @Order(5)
    void shouldNotTakeLostTopicsForANewLedger() throws Exception {
        // Given
        Path data = folder.resolve("lost");
        Path state = data.resolve("state");
        Files.createDirectories(state.resolve("tally"));
        Files.createDirectories(state.resolve("another"));
        Map<String, String> lost = Map.of("TALLY_DATA_DIR", data.toString(), "TALLY_TOPIC_PREFIX", "other-");

        // When
        CommandRun some = doctor(lost);
        CommandRun all = doctor(lost, "--application-id", "another");

        // Then: the journal has the application's name, the other topics are those of the prefix.
        assertThat(some.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(some.out()).containsPattern("problem +ledger +Topic other-transactions-in is missing");
        assertThat(all.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(all.out())
                .containsPattern("problem +ledger +none of its topics exists, but there is state of it in "
                        + Pattern.quote(state.resolve("another").toString()));
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() {
        // When
        CommandRun run = unreachable.join();

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.KAFKA_UNREACHABLE);
        assertThat(run.out()).containsPattern("problem +Kafka +Kafka does not answer at 127.0.0.1:1");
    }

    @Test
    void shouldNameADirectoryThatCannotBeUsedAndADiskThatIsTooSmall() {
        // When
        CommandRun run = doctor(Map.of("TALLY_DATA_DIR", "/proc/tally", "TALLY_MIN_FREE_DISK_MB", "1048576"));

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .containsPattern("problem +data directory +/proc cannot be written to")
                .containsPattern("problem +disk +\\d+ MiB are free");
    }

    private static JsonNode of(JsonNode findings, String subject) {
        for (JsonNode finding : findings) {
            if (finding.path("subject").asText().equals(subject)) {
                return finding;
            }
        }
        throw new AssertionError("Expected something about " + subject + " in " + findings);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}

package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static CompletableFuture<CommandRun> unreachable;

    @BeforeAll
    static void startBroker() throws Exception {
        // Takes ten seconds, and disturbs nobody.
        unreachable = CompletableFuture.supplyAsync(
                () -> CommandRun.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"), "", "send", "open", "42"));
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(Stream.of("transactions-in", "transactions-out", "transactions-dlq")
                            .map(topic -> new NewTopic(topic, 4, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldPrintTheOutcomeOfOneCommand() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // When
            CommandRun run = send("", "deposit", "42", "10.50", "--currency", "EUR");

            // Then
            assertThat(run.exitCode()).isZero();
            JsonNode outcome = JSON.readTree(run.out());
            assertThat(outcome.path("status").asText()).isEqualTo("ACCEPTED");
            assertThat(run.err()).startsWith("uid " + outcome.path("uid").asText());
        }
    }

    @Test
    void shouldTellARejectionADeadLetterAndARepeatApart() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // Given
            String uid = UUID.randomUUID().toString();
            send("", "open", "42", "--name", "Ada", "--uid", uid);

            // When
            CommandRun rejected = send("", "withdraw", "42", "666");
            CommandRun dead = send("", "withdraw", "42", "bad");
            CommandRun repeated = send("", "open", "42", "--name", "Ada", "--uid", uid);

            // Then
            assertThat(rejected.exitCode()).isEqualTo(1);
            assertThat(JSON.readTree(rejected.out()).path("reason").asText()).isEqualTo("INSUFFICIENT_FUNDS");
            assertThat(dead.exitCode()).isEqualTo(1);
            assertThat(JSON.readTree(dead.out()).path("code").asText()).isEqualTo("invalid_amount");
            assertThat(repeated.exitCode()).isEqualTo(1);
            assertThat(JSON.readTree(repeated.out()).path("status").asText()).isEqualTo("REPEATED");
            assertThat(repeated.err()).contains("Decided before");
        }
    }

    @Test
    void shouldSayWhenNobodyAnswers() throws Exception {
        // When
        CommandRun run = send("", "deposit", "42", "1", "--timeout", "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(run.out()).path("status").asText()).isEqualTo("UNANSWERED");
        assertThat(run.err()).contains("will be decided when the ledger runs");
    }

    @Test
    void shouldCountTheAnswersOfManyLinesAndOfTheirRepetition() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // Given
            List<String> lines = IntStream.range(0, 50_000)
                    .mapToObj(i -> line("user-" + i % 100, i % 1_000 == 7 ? "666" : i % 10_000 == 8 ? "bad" : "1"))
                    .toList();
            Path file = Files.write(folder.resolve("commands.ndjson"), lines);

            // When
            CommandRun first = send("", "--file", file.toString(), "--json");
            CommandRun second = send("", "--file", file.toString(), "--json");

            // Then
            assertThat(first.exitCode()).isEqualTo(1);
            assertThat(JSON.readTree(first.out()))
                    .isEqualTo(
                            JSON.readTree("{\"sent\":50000,\"accepted\":49945,\"rejected\":{\"INSUFFICIENT_FUNDS\":50},"
                                    + "\"dead_letters\":{\"invalid_amount\":5},"
                                    + "\"dead_letter_lines\":{\"invalid_amount\":[9,10009,20009,30009,40009]},"
                                    + "\"repeated\":0,\"unanswered\":0}"));
            assertThat(JSON.readTree(second.out()))
                    .isEqualTo(JSON.readTree("{\"sent\":50000,\"accepted\":0,\"rejected\":{},"
                            + "\"dead_letters\":{\"invalid_amount\":5},"
                            + "\"dead_letter_lines\":{\"invalid_amount\":[9,10009,20009,30009,40009]},"
                            + "\"repeated\":49995,\"unanswered\":0}"));
        }
    }

    @Test
    void shouldTellARepeatWhileOthersAreAnsweredAllTheTime() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // Given
            String repeat = line("ada", "1");
            send(repeat, "-");
            List<String> lines = IntStream.range(0, 120)
                    .mapToObj(i -> i == 30 ? repeat : line("user-" + i, "1"))
                    .toList();

            // When
            CommandRun run = CommandRun.of(
                    Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                    new SlowLines(lines.iterator()),
                    "send",
                    "-",
                    "--json",
                    "--timeout",
                    "3");

            // Then
            assertThat(JSON.readTree(run.out()))
                    .isEqualTo(JSON.readTree("{\"sent\":120,\"accepted\":119,\"rejected\":{},\"dead_letters\":{},"
                            + "\"dead_letter_lines\":{},\"repeated\":1,\"unanswered\":0}"));
        }
    }

    @Test
    void shouldNameTheLinesOfDeadLetters() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // Given
            String input = Stream.concat(
                            Stream.of(line("ada", "1")), IntStream.range(0, 7).mapToObj(i -> line("ada", "bad")))
                    .collect(Collectors.joining("\n"));

            // When
            CommandRun run = send(input, "-");

            // Then
            assertThat(run.out().lines())
                    .containsExactly(
                            "sent                    8",
                            "accepted                1",
                            "dead letters            7  invalid_amount: lines 2, 3, 4, 5, 6, …");
        }
    }

    @Test
    void shouldReadStandardInputUpToABadLine() throws Exception {
        try (FakeLedger ledger = new FakeLedger(broker.bootstrapServers())) {
            // Given
            String input = Stream.of(line("ada", "1"), line("ada", "2"), "{\"user_id\":\"ada\"}", line("ada", "3"))
                    .collect(Collectors.joining("\n"));

            // When
            CommandRun run = send(input, "-");

            // Then
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out().lines()).containsExactly("sent                    2", "accepted                2");
            assertThat(run.err()).contains("Line 3", "no uid");
        }
    }

    @Test
    void shouldOnlySendWhenToldNotToWait() throws Exception {
        // When
        CommandRun one = send("", "deposit", "42", "1", "--no-wait");
        CommandRun many = send(line("ada", "1") + "\n" + line("ada", "2"), "-", "--no-wait", "--json");

        // Then
        assertThat(one.exitCode()).isZero();
        assertThat(JSON.readTree(one.out()).path("status").asText()).isEqualTo("SENT");
        assertThat(many.exitCode()).isZero();
        assertThat(many.out().strip()).isEqualTo("{\"sent\":2}");
    }

    @Test
    void shouldSayThatThereIsNoLedger() {
        // When
        CommandRun run = send("", "deposit", "42", "1", "--topic-prefix", "other.");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no ledger", "TALLY_TOPIC_PREFIX");
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() {
        // When
        CommandRun run = unreachable.join();

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("127.0.0.1:1", "tally broker");
    }

    private static CommandRun send(String input, String... arguments) {
        return CommandRun.of(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                input,
                Stream.concat(Stream.of("send"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static String line(String user, String amount) {
        return "{\"uid\":\"" + UUID.randomUUID() + "\",\"user_id\":\"" + user + "\",\"type\":\"DEPOSIT\",\"amount\":\""
                + amount + "\"}";
    }
}

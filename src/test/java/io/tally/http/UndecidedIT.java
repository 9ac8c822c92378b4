package io.tally.http;

import static io.tally.http.Api.deposit;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.CommandGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Position;
import io.tally.rig.Accidents;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a command over HTTP comes to when no decision on it comes. */
class UndecidedIT extends ApiCases {
    private static final String SCRATCH = "scratch";

    /** How long a caller waits for a decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @BeforeAll
    static void createScratch() {
        try (var admin = rig.admin()) {
            new Accidents(admin).create(SCRATCH, 2);
        }
    }

    @Test
    void shouldSayThatACommandIsInTheLogOnlyWhenItIs() {
        try (CommandGateway nobodyDecides = commandsTo(SCRATCH);
                HttpServer slow =
                        HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, nobodyDecides, feed)) {
            // When
            UUID uid = UUID.randomUUID();
            HttpResponse<String> answer = new Api(slow.port()).post(deposit(uid, "slow", "1"));

            // Then
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.headers().firstValue("Location")).hasValue("/v1/transaction/" + uid + "?user_id=slow");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(Position.parse(position(answer)).partition()).isEqualTo(reads.partitionOf("slow"));
        }
    }

    @Test
    void shouldNotKnowWhenTheBrokersDoNotAcknowledge() {
        try (CommandGateway lost = commandsTo("no-such-topic");
                HttpServer unlucky =
                        HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, lost, feed)) {
            assertProblem(
                    new Api(unlucky.port()).post(deposit(UUID.randomUUID(), "lost", "1")), ProblemCode.OUTCOME_UNKNOWN);
        }
    }

    @Test
    void shouldAnswerEverybodyWhenItStops() {
        // Given
        CommandGateway nobodyDecides = commandsTo(SCRATCH);
        HttpServer stopping =
                HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, nobodyDecides, feed);
        Api client = new Api(stopping.port());
        long askedAt = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, 50)
                .mapToObj(i -> client.postLater(deposit(UUID.randomUUID(), "stop-" + i, "1")))
                .toList();
        CompletableFuture<Duration> answered = CompletableFuture.allOf(waiting.toArray(new CompletableFuture<?>[0]))
                .thenApply(ignored -> Duration.ofNanos(System.nanoTime() - askedAt));
        Awaitility.await().until(() -> ledger.waiters().count() == 50);

        // When
        nobodyDecides.stopWaiting();
        stopping.close();
        nobodyDecides.close();

        // Then
        assertThat(waiting)
                .extracting(answer -> answer.join().statusCode())
                .allMatch(status -> status == 202 || status == 503);
        assertThat(answered.join()).as("before anybody's patience ends").isLessThan(PATIENCE);
    }

    @Test
    void shouldNotBelieveAVerdictOnAnotherCommand() {
        // Given: commands that wait.
        try (CommandGateway nobodyDecides = commandsTo(SCRATCH);
                HttpServer fooled =
                        HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, nobodyDecides, feed)) {
            Api client = new Api(fooled.port());
            UUID amount = UUID.randomUUID();
            UUID uid = UUID.randomUUID();
            UUID user = UUID.randomUUID();
            var answers = List.of(
                    client.postLater(deposit(amount, "other-amount", "1")),
                    client.postLater(deposit(uid, "other-uid", "1")),
                    client.postLater(deposit(user, "other-user", "1")));

            // When
            decideUnderHeaderOf(amount, "other-amount", deposit(amount, "other-amount", "1000"));
            decideUnderHeaderOf(uid, "other-uid", deposit(UUID.randomUUID(), "other-uid", "1"));
            decideUnderHeaderOf(user, "forger", deposit(user, "forger", "1"));

            // Then
            assertThat(answers).extracting(answer -> answer.join().statusCode()).containsExactly(202, 202, 202);
            assertThat(balance("other-amount")).isEqualTo("1000.00");
            assertThat(balance("other-uid")).isEqualTo("1.00");
            assertThat(balance("forger")).isEqualTo("1.00");
        }
    }

    /** Brings a record into the ledger's input that carries the header of the command with this uid. */
    private static void decideUnderHeaderOf(UUID uid, String key, String json) {
        ConsumerRecord<byte[], byte[]> waiting = Awaitility.await()
                .until(
                        () -> rig.readAll(SCRATCH).stream()
                                .filter(record ->
                                        new String(record.value(), StandardCharsets.UTF_8).contains(uid.toString()))
                                .findFirst()
                                .orElse(null),
                        record -> record != null);
        rig.sendAndWait(new ProducerRecord<>(
                rig.topics().input(),
                null,
                key.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8),
                waiting.headers()));
    }

    @Test
    void shouldWriteNothingWhenThePartitionIsNotHere() {
        // Given
        StreamSettings settings = rig.settingsOf("stopped", "stopped", 2, Map.of());
        LedgerStreams stopped = rig.startLedger(settings, FAIL_STOP);
        LedgerGateway gateway = new LedgerGateway(stopped);
        try (CommandGateway closed = new CommandGateway(
                        stopped, gateway, settings.kafka(), settings.topics().input());
                HttpServer down =
                        HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), gateway, closed, feed)) {
            stopped.close();
            Api client = new Api(down.port());

            // Then
            assertProblem(client.post(deposit(UUID.randomUUID(), "away", "1")), ProblemCode.UNAVAILABLE);
            assertProblem(client.send("POST", "/v1/user", "{}"), ProblemCode.UNAVAILABLE);
            assertProblem(client.get("/v1/user/away"), ProblemCode.UNAVAILABLE);
            assertProblem(client.get("/v1/user/away/transactions"), ProblemCode.UNAVAILABLE);
            assertProblem(client.get("/v1/transaction/" + UUID.randomUUID()), ProblemCode.UNAVAILABLE);
            assertThat(client.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(client.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(rig.readAll(settings.topics().input())).isEmpty();
        }
    }
}

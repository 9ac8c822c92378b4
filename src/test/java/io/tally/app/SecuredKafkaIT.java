package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.ops.KafkaManifests;
import io.tally.rig.SecuredBroker;
import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookCalls;
import io.tally.rig.WebhookReceiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service on a Kafka that asks who it is and allows only what it must: TLS, SCRAM, and the topics and ACLs of
 * {@code k8s/overlays/prod}.
 */
class SecuredKafkaIT {
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As long as a start and all calls take, twice. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final int SIGTERM = 143;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static SecuredBroker broker;
    private static Admin admin;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = SecuredBroker.start(folder.resolve("broker"));
        admin = Admin.create(broker.administrator());
        admin.createTopics(KafkaManifests.topics(PARTITIONS)).all().get();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    private static Map<String, String> environment(Map<String, String> kafka, int port) {
        Map<String, String> all = new HashMap<>(kafka);
        all.putAll(WebhookCalls.SETTINGS);
        all.putAll(Map.of(
                "KAFKA_GROUP_INSTANCE_ID", "one",
                "TALLY_HTTP_PORT", Integer.toString(port),
                "TALLY_DATA_DIR", folder.resolve("data").toString()));
        return all;
    }

    @BeforeEach
    void grantTheDocumentedRights() throws Exception {
        admin.createAcls(KafkaManifests.rights("tally")).all().get();
    }

    @Test
    void shouldSayThatThePasswordIsWrong() {
        // When
        CommandRun run = CommandRun.of(environment(broker.environment("guessed"), 0), "", "serve");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .contains("tally: Kafka at " + broker.bootstrapServers() + " refused: Authentication failed");
    }

    @Test
    void shouldDoEverythingWithTheDocumentedRights() throws Exception {
        // Twice, as the second start has state, offsets and a predecessor.
        for (int start = 0; start < 2; start++) {
            assertThat(failure(PATIENCE)).isNull();
        }
        CommandRun doctor = CommandRun.of(environment(broker.environment(), 0), "", "doctor");
        assertThat(doctor.out())
                .containsPattern("ok +rights ")
                .containsPattern("ok +ledger ")
                .containsPattern("ok +left open ");
    }

    static Stream<AclBinding> rights() throws IOException {
        return KafkaManifests.rights("tally").stream();
    }

    @Tag("proof")
    @ParameterizedTest
    @MethodSource("rights")
    void shouldNeedEachOfTheDocumentedRights(AclBinding right) throws Exception {
        // Given
        admin.deleteAcls(List.of(right.toFilter())).all().get();

        // When
        String failure = failure(SOON);

        // Then
        System.out.println("without " + right.entry().operation() + " on "
                + right.pattern().name() + ": " + failure);
        assertThat(failure).isNotNull();
    }

    @Test
    void shouldNameARightThatIsMissing() throws Exception {
        // Given
        AclBinding write = KafkaManifests.rights("tally").stream()
                .filter(right -> right.pattern().name().equals("transactions-out")
                        && right.entry().operation() == AclOperation.WRITE)
                .findFirst()
                .orElseThrow();
        admin.deleteAcls(List.of(write.toFilter())).all().get();

        // When
        CommandRun doctor = CommandRun.of(environment(broker.environment(), 0), "", "doctor");

        // Then
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(doctor.out())
                .containsPattern("problem +rights +this client may not \\[WRITE] topic transactions-out");
    }

    @Test
    void shouldFindAWrongPasswordAmongOtherThings() {
        // When
        CommandRun doctor = CommandRun.of(environment(broker.environment("guessed"), 0), "", "doctor");

        // Then
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(doctor.out())
                .containsPattern("ok +memory ")
                .containsPattern("problem +Kafka +.*Authentication failed");
    }

    @Test
    void shouldNotTakeARefusalForAnInstanceThatIsNotInTheGroup() {
        // Given: a group that this client may not see
        Map<String, String> environment = new HashMap<>(broker.environment());
        environment.put("KAFKA_APPLICATION_ID", "another");

        // When
        CommandRun leave = CommandRun.of(environment, "", "leave", "one");

        // Then
        assertThat(leave.err()).contains("tally: Kafka did not say who is in group another");
        assertThat(leave.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(leave.out()).isEmpty();
    }

    /** What does not work within this time; null when everything does. */
    private static String failure(Duration patience) throws Exception {
        int port = TallyProcess.freePort();
        String url = "http://127.0.0.1:" + port;
        Path output = folder.resolve("output-" + port + ".log");
        try (TallyProcess service = TallyProcess.start(output, environment(broker.environment(), port), "serve")) {
            useEverything(service, url, patience);
            return service.terminate() == SIGTERM ? null : "it ended wrongly";
        } catch (ConditionTimeoutException | TerminalFailureException | AssertionError e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }

    private static void useEverything(TallyProcess service, String url, Duration patience) throws Exception {
        ConditionFactory await = Awaitility.await()
                .atMost(patience)
                .ignoreExceptionsInstanceOf(IOException.class)
                .failFast("the service ended", () -> !service.isAlive());
        await.alias("a deposit").until(() -> deposit(url) == 200);
        assertThat(get(url + "/v1/user/ada/balance").statusCode()).isEqualTo(200);
        CompletableFuture<Stream<String>> events = HTTP.sendAsync(
                        HttpRequest.newBuilder(URI.create(url + "/v1/events")).build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenApply(HttpResponse::body);
        await.alias("event streams").until(() -> events.isDone() && deposit(url) == 200);
        CompletableFuture<Optional<String>> event = events.thenApplyAsync(
                lines -> lines.filter(line -> line.startsWith("data:")).findFirst());
        await.alias("events")
                .until(() ->
                        deposit(url) == 200 && event.isDone() && event.join().isPresent());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(broker.administrator(), new StringSerializer(), new StringSerializer())) {
            String broken = "{" + UUID.randomUUID();
            producer.send(new ProducerRecord<>("transactions-in", "ada", broken))
                    .get();
            await.alias("dead letters")
                    .until(() -> json(url + "/v1/dead-letters")
                            .at("/items/0/text")
                            .asText()
                            .equals(broken));
        }
        await.alias("offsets of partitions")
                .until(() -> json(url + "/v1/cluster")
                        .path("partitions")
                        .path(0)
                        .path("lag")
                        .isIntegralNumber());
        useWebhooks(await, url);
    }

    /** An endpoint that takes the first delivery, and the second one never. */
    private static void useWebhooks(ConditionFactory await, String url) throws Exception {
        WebhookCalls webhooks = new WebhookCalls(URI.create(url));
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count == 2 || count == 3 ? 500 : 204)) {
            String id = await.alias("an endpoint")
                    .until(() -> webhooks.register(receiver.url(), "ada"), registered -> !registered.isEmpty());
            await.alias("a delivery").until(() -> deposit(url) == 200 && receiver.outcomes() > 0);
            await.alias("a delivery that is given up")
                    .until(() -> deposit(url) == 200
                            && !webhooks.deliveries(id, "dead").isEmpty());
            await.alias("what waits")
                    .until(() -> webhooks.deliveries(id, "pending").isArray());
            await.alias("a change of the endpoint").until(() -> webhooks.describe(id, "the shop") == 200);
            await.alias("its end").until(() -> webhooks.delete(id) == 204);
        }
    }

    private static int deposit(String url) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(url + "/v1/transaction"))
                                .header("Content-Type", "application/json")
                                .timeout(Duration.ofSeconds(10))
                                .POST(HttpRequest.BodyPublishers.ofString("{\"uid\":\"" + UUID.randomUUID()
                                        + "\",\"type\":\"DEPOSIT\",\"user_id\":\"ada\",\"amount\":1}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static JsonNode json(String url) throws Exception {
        return new ObjectMapper().readTree(get(url).body());
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}

package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.rig.LedgerRig;
import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookCalls;
import io.tally.rig.WebhookReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a broker that refuses what is not granted, the ledger does all that it does with the rights and topics of the prod overlay. */
class KafkaUserIT {
    private static final String USER = "tally";
    private static final String PASSWORD = "secret";
    private static final String PARTITIONS = "2";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int adminPort = TallyProcess.freePort();
    private final int userPort = TallyProcess.freePort();
    private final int controllerPort = TallyProcess.freePort();

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void startBroker() throws Exception {
        broker = EmbeddedBroker.start(
                new EmbeddedBrokerConfig(folder.resolve("broker"), adminPort, controllerPort, guarded()));
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + adminPort));
        admin.createTopics(KafkaManifests.topics(Integer.parseInt(PARTITIONS)))
                .all()
                .get(30, TimeUnit.SECONDS);
        admin.createAcls(KafkaManifests.rights(USER)).all().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void shouldDoWithTheseRightsAllThatItDoes() throws Exception {
        // Given: an instance that decides what comes over HTTP and from Kafka, and what came into the wrong partition
        URI one = URI.create("http://127.0.0.1:" + TallyProcess.freePort());
        URI two = URI.create("http://127.0.0.1:" + TallyProcess.freePort());
        String dead;
        try (TallyProcess first = serve("one", one)) {
            first.awaitAnswer(one.resolve("/health/ready"), LedgerRig.PATIENCE);
            assertThat(eventOf(one)).contains("DEPOSIT");
            send(0, "ada", LedgerRig.command(UUID.randomUUID(), "DEPOSIT", "ada", "1"));
            send(1, "ada", LedgerRig.command(UUID.randomUUID(), "DEPOSIT", "ada", "1"));
            send(0, "ada", "no command");
            awaitBody(one.resolve("/v1/user/ada/balance"), "\"balance\":\"12.00\"");
            awaitBody(one.resolve("/v1/dead-letters"), "malformed_json");
            awaitBody(one.resolve("/v1/cluster"), "\"committed_offset\":");
            dead = endpointWithADeadDelivery(one);

            // When: it is killed, with a transaction left open that no living process would end
            first.kill();
        }
        try (KafkaProducer<byte[], byte[]> former = former();
                TallyProcess second = serve("two", two)) {
            second.awaitAnswer(two.resolve("/health/ready"), LedgerRig.PATIENCE);

            // Then
            awaitBody(two.resolve("/v1/user/ada/balance"), "\"balance\":\"12.00\"");
            assertThat(post(two, "ada")).isEqualTo(200);
            assertThat(new WebhookCalls(two).deliveries(dead, "dead")).isNotEmpty();
            assertThat(endpointWithADeadDelivery(two)).isNotEqualTo(dead);
            assertThat(second.output())
                    .contains("Ending transactions that former owners of", "tally-former")
                    .doesNotContain("AuthorizationException")
                    .doesNotContain("Not authorized");
            assertThat(second.terminate()).isEqualTo(143);
            assertThat(former.metrics()).isNotEmpty();
        }
    }

    /** Deposits until an endpoint has taken a delivery, and another one was given up. */
    private static String endpointWithADeadDelivery(URI base) throws Exception {
        WebhookCalls webhooks = new WebhookCalls(base);
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count == 2 || count == 3 ? 500 : 204)) {
            String id = webhooks.register(receiver.url(), "bob");
            await().atMost(LedgerRig.PATIENCE)
                    .until(() -> post(base, "bob") == 200
                            && !webhooks.deliveries(id, "dead").isEmpty());
            assertThat(receiver.outcomes()).isPositive();
            return id;
        }
    }

    private TallyProcess serve(String instance, URI address) {
        Map<String, String> settings = new HashMap<>(WebhookCalls.SETTINGS);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + userPort);
        settings.put("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        settings.put("KAFKA_SASL_MECHANISM", "PLAIN");
        settings.put(
                "KAFKA_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                        + PASSWORD + "\";");
        settings.put("TALLY_PARTITIONS", PARTITIONS);
        settings.put("TALLY_HTTP_PORT", Integer.toString(address.getPort()));
        settings.put("TALLY_DATA_DIR", folder.resolve(instance).toString());
        settings.put("TALLY_MIN_FREE_DISK_MB", "0");
        return TallyProcess.start(folder.resolve(instance + ".txt"), settings, "serve");
    }

    /** Log-in for the user; whoever comes to the other listeners may do everything. */
    private Map<String, String> guarded() {
        Map<String, String> properties = new HashMap<>();
        properties.put("authorizer.class.name", StandardAuthorizer.class.getName());
        properties.put("super.users", "User:ANONYMOUS");
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + adminPort + ",USERS://127.0.0.1:" + userPort + ",CONTROLLER://127.0.0.1:"
                        + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + adminPort + ",USERS://127.0.0.1:" + userPort);
        properties.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,USERS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put(
                "listener.name.users.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD
                        + "\";");
        return properties;
    }

    private void send(int partition, String key, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            "transactions-in",
                            partition,
                            key.getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    /** Somebody of the ledger, who has written for both partitions and neither commits nor aborts. */
    private KafkaProducer<byte[], byte[]> former() throws Exception {
        KafkaProducer<byte[], byte[]> producer =
                producer(Map.of("transactional.id", "tally-former", "transaction.timeout.ms", "600000"));
        producer.initTransactions();
        producer.beginTransaction();
        for (int partition = 0; partition < Integer.parseInt(PARTITIONS); partition++) {
            producer.send(new ProducerRecord<>("transactions-out", partition, new byte[] {1}, new byte[] {1}))
                    .get();
        }
        return producer;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", "127.0.0.1:" + adminPort);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static int post(URI base, String user) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/transaction"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LedgerRig.command(UUID.randomUUID(), "DEPOSIT", user, "10")))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static void awaitBody(URI uri, String text) {
        await().atMost(LedgerRig.PATIENCE)
                .untilAsserted(() -> assertThat(TallyProcess.get(uri).body()).contains(text));
    }

    /** Deposits, and returns the event that a stream then brings. */
    private static String eventOf(URI base) throws Exception {
        HttpRequest stream = HttpRequest.newBuilder(base.resolve("/v1/events")).build();
        try (Stream<String> lines =
                HTTP.send(stream, HttpResponse.BodyHandlers.ofLines()).body()) {
            assertThat(post(base, "ada")).isEqualTo(200);
            return lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
        }
    }
}

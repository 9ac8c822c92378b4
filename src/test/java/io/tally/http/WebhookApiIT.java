package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.webhook.DeliveryPlace;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.SigningSecret;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls about webhook endpoints, by a real ledger. No endpoint outlives its test. */
class WebhookApiIT {
    private static final String ENDPOINTS = "/v1/webhook-endpoints";
    private static final String NOBODY = ENDPOINTS + "/we_0000000000000000";
    private static final String MINIMAL = "{\"url\":\"https://shop.example/hook\"}";

    @TempDir
    private static Path directory;

    private static final RecordedFailStop FAIL_STOP = new RecordedFailStop();
    private static final Queue<Endpoint> TESTED = new ConcurrentLinkedQueue<>();
    private static LedgerRig rig;
    private static WebhookTopics topics;
    private static LedgerStreams ledger;
    private static LedgerGateway reads;
    private static CommandGateway commands;
    private static OutcomeFeed feed;
    private static ClusterGateway cluster;
    private static DeadLetterGateway deadLetters;
    private static WebhookRegistry registry;
    private static WebhookGateway webhooks;
    private static HttpServer server;
    private static Api api;

    @BeforeAll
    static void start() {
        rig = LedgerRig.start(directory);
        StreamSettings settings = rig.settings();
        ledger = rig.startLedger(settings, FAIL_STOP);
        topics = WebhookTopics.of(settings.topicPrefix());
        topics.createMissing(settings.kafka(), settings.topics().output());
        registry = WebhookRegistry.start(settings.kafka(), topics, settings.applicationId());
        reads = new LedgerGateway(ledger);
        feed = new OutcomeFeed(settings.kafka(), settings.topics().output(), 2);
        commands = new CommandGateway(
                ledger, reads, settings.kafka(), settings.topics().input());
        cluster = new ClusterGateway(ledger, settings);
        deadLetters = new DeadLetterGateway(settings.kafka(), settings.topics().deadLetters());
        webhooks = new WebhookGateway(registry, settings, 2, WebhookApiIT::refusal, WebhookApiIT::test);
        server = serve(null, webhooks);
        api = new Api(server.port());
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(registry::isCurrent);
    }

    /** Stands for what refuses addresses of private networks. */
    private static String refusal(URI url) {
        return url.getHost().equals("10.0.0.1") ? "Expected a public address" : null;
    }

    private static CompletableFuture<Attempt> test(Endpoint endpoint) {
        TESTED.add(endpoint);
        return CompletableFuture.completedFuture(
                endpoint.url().getHost().startsWith("gone")
                        ? new Attempt(1_790_000_000_000L, 0, 17, "Connection refused", null)
                        : new Attempt(1_790_000_000_000L, 500, 17, null, "<script>"));
    }

    private static HttpServer serve(ApiTokens tokens, WebhookGateway gateway) {
        return HttpServer.start(
                new ListenAddress("127.0.0.1", 0, tokens, false),
                reads,
                commands,
                feed,
                new Operations(
                        cluster,
                        deadLetters,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        false,
                        Console.OFF,
                        gateway));
    }

    @AfterAll
    static void stop() {
        ledger.close();
        commands.stopWaiting();
        server.close();
        webhooks.close();
        registry.close();
        feed.close();
        deadLetters.close();
        cluster.close();
        commands.close();
        rig.close();
        assertThat(FAIL_STOP.reasons()).isEmpty();
    }

    @AfterEach
    void deleteAll() {
        json(api.get(ENDPOINTS))
                .path("items")
                .forEach(endpoint -> assertThat(api.send(
                                        "DELETE",
                                        ENDPOINTS + "/" + endpoint.path("id").asText(),
                                        null)
                                .statusCode())
                        .isEqualTo(204));
    }

    private static HttpResponse<String> create(String body, String... headers) {
        return api.send("POST", ENDPOINTS, body, headers);
    }

    private static String created(String body) {
        HttpResponse<String> created = create(body);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created.headers().firstValue("Location").orElseThrow();
    }

    private static void assertRefused(HttpResponse<String> response, int status, ProblemCode code, String... pointers) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("code").asText()).isEqualTo(code.code());
        assertThat(json(response).path("errors").findValuesAsText("pointer")).containsExactly(pointers);
    }

    private static String list(int count, String prefix) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + prefix + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    // ---- registering

    @Test
    void shouldRegisterAnEndpointAndShowItsSecretOnce() {
        // When
        HttpResponse<String> created =
                create("{\"url\":\"https://shop.example:8443/hook?x=1\",\"description\":\"Zoë's\","
                        + "\"event_types\":[\"user.opened\",\"transaction.accepted\"],\"users\":[\"bob\",\"alice\"]}");

        // Then
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode body = json(created);
        String id = body.path("id").asText();
        assertThat(id).matches("we_[a-z0-9]{16}");
        assertThat(created.headers().firstValue("Location")).hasValue(ENDPOINTS + "/" + id);
        assertThat(created.headers().firstValue("ETag")).hasValue("\"1\"");
        String secret = body.path("secret").asText();
        assertThat(secret).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.substring("whsec_".length())))
                .hasSize(32);
        HttpResponse<String> shown = api.get(ENDPOINTS + "/" + id);
        assertThat(shown.headers().firstValue("ETag")).hasValue("\"1\"");
        assertThat(shown.body())
                .isEqualTo("{\"id\":\"" + id
                        + "\",\"url\":\"https://shop.example:8443/hook?x=1\",\"description\":\"Zoë's\","
                        + "\"event_types\":[\"transaction.accepted\",\"user.opened\"],\"users\":[\"alice\",\"bob\"],"
                        + "\"state\":\"active\",\"disabled_reason\":null,\"previous_secret_expires_at\":null,"
                        + "\"replays\":[],\"version\":1,\"created_at\":"
                        + body.path("created_at") + ",\"updated_at\":" + body.path("created_at") + "}");
        assertThat(api.get(ENDPOINTS).body()).isEqualTo("{\"items\":[" + shown.body() + "]}");
        HttpResponse<String> changed = api.send("PATCH", ENDPOINTS + "/" + id, "{\"state\":\"paused\"}");
        assertThat(List.of(changed.body(), api.get(ENDPOINTS).body())).noneMatch(text -> text.contains("secret\":\""));
    }

    @Test
    void shouldTellOfEverythingFromNowOnUnlessAskedOtherwise() {
        // Given
        for (int i = 0; i < 10; i++) {
            rig.deposit("user-" + i, "1");
        }
        rig.flush();
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
        List<Long> ends = ends();

        // When
        String now = id(created(MINIMAL));
        String alsoNow = id(created("{\"url\":\"https://shop.example/\",\"from\":\"now\",\"users\":null}"));
        String beginning = id(created("{\"url\":\"https://shop.example/\",\"from\":\"beginning\"}"));

        // Then
        Endpoint endpoint = registry.endpoints().get(now);
        assertThat(endpoint.start()).isEqualTo(ends).allMatch(end -> end > 0);
        assertThat(registry.endpoints().get(alsoNow).start()).isEqualTo(ends);
        assertThat(registry.endpoints().get(beginning).start()).containsExactly(0L, 0L);
        assertThat(endpoint.eventTypes()).containsExactlyInAnyOrder(EventType.values());
        assertThat(endpoint.users()).isEmpty();
        assertThat(endpoint.description()).isEmpty();
    }

    private static String id(String location) {
        return location.substring(ENDPOINTS.length() + 1);
    }

    /** The committed ends of the output: behind the last record and the marker of its transaction. */
    private static List<Long> ends() {
        try (var admin = rig.admin()) {
            return IntStream.range(0, 2)
                    .mapToObj(partition -> new TopicPartition(rig.topics().output(), partition))
                    .map(partition -> {
                        try {
                            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset();
                        } catch (Exception e) {
                            throw new AssertionError("Expected the end of " + partition, e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void shouldFindTheSameEndpointForTheSameKey() {
        // Given
        HttpResponse<String> first = create(MINIMAL, "Idempotency-Key", "\"key-1\"");
        String id = json(first).path("id").asText();

        // When
        HttpResponse<String> again = create(MINIMAL, "Idempotency-Key", "key-1");

        // Then
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(json(again).path("id").asText()).isEqualTo(id);
        assertThat(json(again).has("secret")).isFalse();
        assertRefused(
                create("{\"url\":\"https://other.example/\"}", "Idempotency-Key", "key-1"),
                409,
                ProblemCode.ENDPOINT_EXISTS);
        assertThat(json(create(MINIMAL, "Idempotency-Key", "key-2")).path("id").asText())
                .isNotEqualTo(id);
        assertThat(json(api.get(ENDPOINTS)).path("items")).hasSize(2);
        assertRefused(
                create(MINIMAL, "Idempotency-Key", "k".repeat(256)),
                400,
                ProblemCode.INVALID_PARAMETER,
                "Idempotency-Key");
        assertThat(create(MINIMAL, "Idempotency-Key", "k".repeat(255)).statusCode())
                .isEqualTo(201);
    }

    @Test
    void shouldTakeWhatIsWithinTheLimits() {
        String longest = "https://shop.example/" + "p".repeat(2_048 - "https://shop.example/".length());
        for (String body : List.of(
                "{\"url\":\"" + longest + "\"}",
                "{\"url\":\"http://shop.example/\"}",
                "{\"url\":\"https://shop.example/\",\"description\":\"" + "d".repeat(200) + "\"}",
                "{\"url\":\"https://shop.example/\",\"description\":null,\"event_types\":null,\"from\":null}",
                "{\"url\":\"https://shop.example/\",\"users\":" + list(100, "u") + "}",
                "{\"url\":\"https://shop.example/\",\"users\":[]}",
                "{\"url\":\"https://[2001:db8::1]:1/\"}")) {
            assertThat(create(body).statusCode()).as(body).isEqualTo(201);
        }
    }

    @Test
    void shouldNameEachFieldThatIsWrong() {
        String tooLong = "https://shop.example/" + "p".repeat(2_049 - "https://shop.example/".length());
        for (String url : List.of(
                "\"" + tooLong + "\"",
                "\"shop.example\"",
                "\"ftp://shop.example/\"",
                "\"https:shop.example\"",
                "\"https://user:word@shop.example/\"",
                "\"https://@shop.example/\"",
                "\"https://shop.example/#x\"",
                "\"https://shop.example/#\"",
                "\"https://shop.example/ä\"",
                "\"https://shop.example/ \"",
                "\"https://10.0.0.1/\"",
                "\"\"",
                "null",
                "7")) {
            assertRefused(create("{\"url\":" + url + "}"), 400, ProblemCode.INVALID_BODY, "/url");
        }
        for (String field : List.of(
                "\"description\":\"" + "d".repeat(201) + "\"",
                "\"description\":\"a\\nb\"",
                "\"description\":\"a\\u0085b\"",
                "\"description\":1",
                "\"event_types\":[]",
                "\"event_types\":[\"transaction.lost\"]",
                "\"event_types\":[\"user.opened\",\"user.opened\"]",
                "\"event_types\":\"user.opened\"",
                "\"event_types\":[7]",
                "\"users\":" + list(101, "u"),
                "\"users\":[\"!\"]",
                "\"users\":[\"a\",\"a\"]",
                "\"users\":\"a\"",
                "\"users\":{}",
                "\"from\":\"yesterday\"",
                "\"secret\":\"whsec_mine\"",
                "\"id\":\"we_mine\"",
                "\"state\":\"paused\"",
                "\"no/such~field\":1")) {
            String name = field.substring(1, field.indexOf("\":"));
            assertRefused(
                    create("{\"url\":\"https://shop.example/\"," + field + "}"),
                    400,
                    ProblemCode.INVALID_BODY,
                    "/" + name.replace("~", "~0").replace("/", "~1"));
        }
        assertRefused(create("{\"url\":1,\"users\":7,\"x\":0}"), 400, ProblemCode.INVALID_BODY, "/url", "/users", "/x");
        for (String body : List.of("{}", "{\"users\":[]}")) {
            assertRefused(create(body), 400, ProblemCode.INVALID_BODY, "/url");
        }
        for (String body :
                List.of("[]", "7", "", "{", MINIMAL + "{}", "{\"url\":\"a\",\"url\":\"b\"}", "[".repeat(99))) {
            assertRefused(create(body), 400, ProblemCode.INVALID_BODY);
        }
        assertRefused(create(MINIMAL, "Content-Type", "text/plain"), 415, ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(
                create(MINIMAL, "Content-Type", "application/merge-patch+json"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertThat(json(api.get(ENDPOINTS)).path("items")).isEmpty();
    }

    @Test
    void shouldTakeSixtyFourEndpoints() {
        for (int i = 0; i < 64; i++) {
            created(MINIMAL);
        }
        assertRefused(create(MINIMAL), 409, ProblemCode.TOO_MANY_ENDPOINTS);
        assertThat(json(api.get(ENDPOINTS)).path("items")).hasSize(64);
    }

    // ---- changing

    @Test
    void shouldChangeWhatIsSentAndLeaveTheRest() {
        // Given
        String path = created("{\"url\":\"https://shop.example/\",\"description\":\"old\",\"users\":[\"alice\"]}");

        // When
        HttpResponse<String> changed = api.send(
                "PATCH",
                path,
                "{\"url\":\"https://new.example/\",\"event_types\":[\"user.opened\"]}",
                "Content-Type",
                "application/merge-patch+json");

        // Then
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).hasValue("\"2\"");
        assertThat(changed.body()).isEqualTo(api.get(path).body());
        assertThat(json(changed).path("url").asText()).isEqualTo("https://new.example/");
        assertThat(json(changed).path("event_types").toString()).isEqualTo("[\"user.opened\"]");
        assertThat(json(changed).path("description").asText()).isEqualTo("old");
        assertThat(json(changed).path("users").toString()).isEqualTo("[\"alice\"]");
        JsonNode emptied = json(api.send("PATCH", path, "{\"description\":null,\"users\":null}"));
        assertThat(emptied.path("description").asText("?")).isEmpty();
        assertThat(emptied.path("users")).isEmpty();
        assertThat(emptied.path("version").asInt()).isEqualTo(3);
        HttpResponse<String> nothing = api.send("PATCH", path, "{\"users\":[]}");
        assertThat(json(nothing)).isEqualTo(emptied);
    }

    @Test
    void shouldPauseAndStartAgain() {
        // Given
        String path = created(MINIMAL);

        // Then
        assertThat(json(api.send("PATCH", path, "{\"state\":\"paused\"}"))
                        .path("state")
                        .asText())
                .isEqualTo("paused");
        api.send("PATCH", path, "{\"state\":\"active\"}");
        assertThat(registry.disable(id(path), registry.endpoints().get(id(path)).version(), DisabledReason.GONE)
                        .join())
                .isTrue();
        JsonNode disabled = json(api.get(path));
        assertThat(disabled.path("state").asText()).isEqualTo("disabled");
        assertThat(disabled.path("disabled_reason").asText()).isEqualTo("gone");
        JsonNode active = json(api.send("PATCH", path, "{\"state\":\"active\"}"));
        assertThat(active.path("state").asText()).isEqualTo("active");
        assertThat(active.path("disabled_reason").isNull()).isTrue();
    }

    @Test
    void shouldRefuseChangesThatCannotBe() {
        String path = created(MINIMAL);
        for (String field : List.of(
                "\"url\":null",
                "\"url\":\"x\"",
                "\"url\":\"https://10.0.0.1/\"",
                "\"event_types\":null",
                "\"event_types\":[]",
                "\"state\":null",
                "\"state\":\"disabled\"",
                "\"state\":\"ACTIVE\"",
                "\"state\":1",
                "\"description\":\"" + "d".repeat(201) + "\"",
                "\"users\":" + list(101, "u"),
                "\"id\":\"x\"",
                "\"version\":7",
                "\"secret\":\"x\"",
                "\"replays\":[]",
                "\"created_at\":\"x\"",
                "\"disabled_reason\":null",
                "\"from\":\"beginning\"",
                "\"other\":null")) {
            String name = field.substring(1, field.indexOf("\":"));
            assertRefused(api.send("PATCH", path, "{" + field + "}"), 400, ProblemCode.INVALID_BODY, "/" + name);
        }
        assertRefused(api.send("PATCH", path, "[]"), 400, ProblemCode.INVALID_BODY);
        assertRefused(
                api.send("PATCH", path, "{}", "Content-Type", "application/json-patch+json"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(api.send("PATCH", NOBODY, "{}"), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(path)).path("version").asInt()).isEqualTo(1);
        assertThat(api.send(
                                "PATCH",
                                path,
                                "{\"description\":\"" + "d".repeat(200) + "\",\"users\":" + list(100, "u") + "}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldChangeOnlyTheVersionThatIsMeant() {
        // Given
        String path = created(MINIMAL);
        String one = "\"1\"";

        // Then
        for (String tag : List.of(one, "*", "\"3\"")) {
            String state = tag.equals("*") ? "active" : "paused";
            assertThat(api.send("PATCH", path, "{\"state\":\"" + state + "\"}", "If-Match", tag)
                            .statusCode())
                    .as(tag)
                    .isEqualTo(200);
        }
        HttpResponse<String> stale = api.send("PATCH", path, "{\"state\":\"paused\"}", "If-Match", one);
        assertRefused(stale, 412, ProblemCode.VERSION_MISMATCH);
        assertRefused(api.send("DELETE", path, null, "If-Match", one), 412, ProblemCode.VERSION_MISMATCH);
        for (String tag : List.of("1", "W/\"1\"", "\"1\", \"2\"", "\"x\"", "\"\"")) {
            assertRefused(
                    api.send("PATCH", path, "{}", "If-Match", tag), 400, ProblemCode.INVALID_PARAMETER, "If-Match");
            assertRefused(
                    api.send("DELETE", path, null, "If-Match", tag), 400, ProblemCode.INVALID_PARAMETER, "If-Match");
        }
        String current = api.get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(api.send("DELETE", path, null, "If-Match", current).statusCode())
                .isEqualTo(204);
    }

    @Test
    void shouldRotateTheSecret() {
        // Given
        HttpResponse<String> created = create(MINIMAL);
        String path = created.headers().firstValue("Location").orElseThrow();
        String first = json(created).path("secret").asText();
        long before = System.currentTimeMillis();

        // When
        HttpResponse<String> rotated = api.send("POST", path + "/rotate-secret", null);

        // Then
        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.headers().firstValue("ETag")).hasValue("\"2\"");
        String second = json(rotated).path("secret").asText();
        assertThat(second).startsWith("whsec_").isNotEqualTo(first);
        long day = Duration.ofDays(1).toMillis();
        assertThat(TimestampText.parse(
                        json(rotated).path("previous_secret_expires_at").asText()))
                .isBetween(before + day, System.currentTimeMillis() + day);
        Endpoint endpoint = registry.endpoints().get(id(path));
        assertThat(endpoint.secrets()).extracting(secret -> secret.secret()).containsExactly(second, first);
        assertThat(endpoint.secrets().get(0).expiresAt()).isNull();
        assertThat(api.get(path).body()).doesNotContain("whsec_");
        SigningSecret replaced = endpoint.secrets().get(1);
        String third = json(api.send("POST", path + "/rotate-secret", null))
                .path("secret")
                .asText();
        List<SigningSecret> secrets = registry.endpoints().get(id(path)).secrets();
        assertThat(secrets).extracting(secret -> secret.secret()).containsExactly(third, second, first);
        // It is the only one that the receiver has when both answers were lost.
        assertThat(secrets.get(2)).isEqualTo(replaced);
        assertRefused(api.send("POST", NOBODY + "/rotate-secret", null), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    @Test
    void shouldDelete() {
        String path = created(MINIMAL);
        HttpResponse<String> deleted = api.send("DELETE", path, null);
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertRefused(api.get(path), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertRefused(api.send("DELETE", path, null), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(ENDPOINTS)).path("items")).isEmpty();
        for (String id : List.of("we_", "we_000000000000000", "we_00000000000000000", "alice", "we_00000000-0000000")) {
            assertRefused(api.get(ENDPOINTS + "/" + id), 400, ProblemCode.INVALID_PARAMETER, "id");
        }
    }

    // ---- deliveries

    private static Delivery delivery(int partition, long offset, boolean dead) {
        return new Delivery(
                partition,
                offset,
                "event-" + partition + "-" + offset,
                EventType.TRANSACTION_REJECTED,
                "user-" + offset,
                1_790_000_000_000L + offset,
                dead ? null : 1_800_000_000_000L,
                List.of(
                        new Attempt(1_790_000_000_001L, 0, 5, "Connection refused", null),
                        new Attempt(1_790_000_000_002L, 503, 6, null, "busy")));
    }

    private static void put(String topic, int partition, WebhookKey key, byte[] value) {
        rig.sendAndWait(new ProducerRecord<>(topic, partition, key.toBytes(), value));
    }

    private static void pending(String endpoint, String lane, int partition, long offset) {
        put(
                topics.progress(),
                partition,
                new WebhookKey(endpoint, lane, "user-" + offset),
                WebhookCodec.encode(delivery(partition, offset, false)));
    }

    private static List<JsonNode> pages(String path, String query) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        for (int pages = 0; pages < 1_000; pages++) {
            HttpResponse<String> page = api.get(path + "/deliveries?" + query + cursor);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            json(page).path("items").forEach(items::add);
            if (json(page).path("next_cursor").isNull()) {
                return items;
            }
            cursor = "&cursor=" + json(page).path("next_cursor").asText();
        }
        throw new AssertionError("Expected the pages to end");
    }

    private static List<String> ids(List<JsonNode> items) {
        return items.stream().map(item -> item.path("id").asText()).toList();
    }

    @Test
    void shouldShowThePendingDeliveriesOfAnEndpoint() {
        // Given
        String path = created(MINIMAL);
        String id = id(path);
        String other = id(created(MINIMAL));
        put(
                topics.progress(),
                0,
                new WebhookKey(id, "live", null),
                WebhookCodec.encode(new Progress(9, Map.of(), 0, 0, null)));
        pending(id, "live", 1, 7);
        pending(id, "live", 0, 30);
        pending(id, "live", 0, 20);
        pending(id, "wr_1", 0, 20);
        pending(id, "live", 0, 40);
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-40"), null);
        pending(other, "live", 0, 10);
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-x"), "broken".getBytes(StandardCharsets.UTF_8));
        // The same user's next one.
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-30"), WebhookCodec.encode(delivery(0, 50, false)));

        // When
        List<JsonNode> items = pages(path, "state=pending&limit=1");

        // Then
        assertThat(ids(items)).containsExactly("0-20", "0-20", "0-50", "1-7");
        assertThat(items)
                .extracting(item -> item.path("replay").asText())
                .containsExactly("null", "wr_1", "null", "null");
        assertThat(pages(path, "limit=500")).isEqualTo(items);
        assertThat(items.get(0).toString())
                .isEqualTo("{\"id\":\"0-20\",\"replay\":null,\"partition\":0,\"offset\":20,\"event_id\":\"event-0-20\","
                        + "\"event_type\":\"transaction.rejected\",\"user_id\":\"user-20\","
                        + "\"recorded_at\":\"2026-09-21T14:13:20.020Z\",\"next_attempt_at\":\"2027-01-15T08:00:00.000Z\","
                        + "\"attempts\":[{\"at\":\"2026-09-21T14:13:20.001Z\",\"success\":false,\"status\":null,"
                        + "\"latency_ms\":5,\"error\":\"Connection refused\",\"answer\":null},"
                        + "{\"at\":\"2026-09-21T14:13:20.002Z\",\"success\":false,\"status\":503,\"latency_ms\":6,"
                        + "\"error\":null,\"answer\":\"busy\"}]}");
    }

    @Test
    void shouldPageThroughMoreDeadDeliveriesThanAPageKeeps() {
        // Given: in an order of their own, and so many gone again that what is kept does not fill a page
        String path = created(MINIMAL);
        String id = id(path);
        List<String> expected = new ArrayList<>();
        int count = 2_503;
        for (int partition = 0; partition < 2; partition++) {
            for (int i = 0; i < count; i++) {
                int offset = (int) (i * 1_009L % count);
                Delivery delivery = delivery(partition, offset, true);
                rig.send(new ProducerRecord<>(
                        topics.dead(),
                        partition,
                        new WebhookKey(id, delivery.id(), null).toBytes(),
                        WebhookCodec.encode(delivery)));
            }
            for (int offset = 0; offset < count; offset++) {
                String delivery = partition + "-" + offset;
                if (offset % 3 > 0) {
                    rig.send(new ProducerRecord<>(
                            topics.dead(), partition, new WebhookKey(id, delivery, null).toBytes(), null));
                } else {
                    expected.add(delivery);
                }
            }
        }
        rig.flush();

        // When
        List<JsonNode> items = pages(path, "state=dead&limit=499");

        // Then
        assertThat(ids(items)).isEqualTo(expected);
        assertThat(items.get(0).path("next_attempt_at").isNull()).isTrue();
        assertThat(pages(path, "state=pending")).isEmpty();
    }

    @Test
    void shouldRefuseDeliveriesThatItDidNotOffer() {
        String path = created(MINIMAL);
        String id = id(path);
        String cursor = new DeliveryCursor(id, true, new DeliveryPlace(0, 5, "")).toText();
        String foreign = new DeliveryCursor("we_0000000000000000", true, new DeliveryPlace(0, 5, "")).toText();
        for (String right : List.of("cursor=" + cursor, "state=dead&cursor=" + cursor, "limit=1", "limit=500")) {
            assertThat(api.get(path + "/deliveries?" + right).statusCode())
                    .as(right)
                    .isEqualTo(200);
        }
        Map.of(
                        "cursor=" + foreign,
                        "cursor",
                        "state=pending&cursor=" + cursor,
                        "cursor",
                        "cursor=A" + cursor.substring(1),
                        "cursor",
                        "cursor=",
                        "cursor",
                        "limit=0",
                        "limit",
                        "limit=501",
                        "limit",
                        "state=done",
                        "state")
                .forEach((wrong, pointer) -> assertRefused(
                        api.get(path + "/deliveries?" + wrong), 400, ProblemCode.INVALID_PARAMETER, pointer));
        assertRefused(api.get(NOBODY + "/deliveries"), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    // ---- replays

    private static List<ConsumerRecord<byte[], byte[]>> outcomes() {
        rig.deposit("replayed-1", "1");
        rig.deposit("replayed-2", "1");
        rig.deposit("replayed-3", "1");
        rig.flush();
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
        return rig.readAll(rig.topics().output());
    }

    private static HttpResponse<String> replay(String path, String body) {
        return api.send("POST", path + "/replay", body);
    }

    @Test
    void shouldReplayADelivery() {
        // Given
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        String path = created(MINIMAL);

        // When
        HttpResponse<String> accepted =
                replay(path, "{\"delivery\":\"" + outcome.partition() + "-" + outcome.offset() + "\"}");

        // Then
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        assertThat(json(accepted).path("id").asText()).matches("wr_[a-z0-9]{16}");
        assertThat(json(accepted).path("ranges").toString())
                .isEqualTo("[{\"partition\":" + outcome.partition() + ",\"from\":" + outcome.offset() + ",\"to\":"
                        + (outcome.offset() + 1) + "}]");
        assertThat(json(api.get(path)).path("replays").toString()).isEqualTo("[" + accepted.body() + "]");
        assertThat(registry.rangeDone(id(path), json(accepted).path("id").asText(), outcome.partition())
                        .join())
                .isTrue();
        assertThat(json(api.get(path)).path("replays")).isEmpty();
    }

    @Test
    void shouldReplayAStretchOfTime() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> outcomes = outcomes();
        String path = created(MINIMAL);
        long last = outcomes.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
        List<Long> ends = ends();

        // When
        JsonNode all = json(replay(path, "{\"from\":\"2020-01-01\"}"));
        JsonNode upToTheLast =
                json(replay(path, "{\"from\":\"2020-01-01\",\"to\":\"" + TimestampText.format(last) + "\"}"));
        JsonNode theLast = json(replay(path, "{\"from\":\"" + TimestampText.format(last) + "\"}"));
        JsonNode none = json(replay(path, "{\"from\":\"" + TimestampText.format(last + 1) + "\",\"to\":null}"));
        // A range can be of nothing but the marker of a transaction, which has a time of its own.

        // Then
        assertThat(all.path("ranges").findValues("to"))
                .extracting(JsonNode::asLong)
                .isEqualTo(ends.stream().filter(end -> end > 0).toList());
        assertThat(all.path("ranges").findValues("from"))
                .extracting(JsonNode::asLong)
                .containsOnly(0L);
        for (ConsumerRecord<byte[], byte[]> outcome : outcomes) {
            boolean isLast = outcome.timestamp() >= last;
            assertThat(covers(theLast, outcome)).isEqualTo(isLast);
            assertThat(covers(upToTheLast, outcome)).isEqualTo(!isLast);
            assertThat(covers(none, outcome)).isFalse();
        }
        JsonNode past = json(replay(path, "{\"from\":\"1970-01-01\",\"to\":\"1970-01-02\"}"));
        assertThat(past.path("ranges")).isEmpty();
        assertThat(json(api.get(path)).path("replays").findValuesAsText("id"))
                .contains(theLast.path("id").asText())
                .doesNotContain(past.path("id").asText());
    }

    private static boolean covers(JsonNode replay, ConsumerRecord<byte[], byte[]> outcome) {
        for (JsonNode range : replay.path("ranges")) {
            if (range.path("partition").asInt() == outcome.partition()
                    && range.path("from").asLong() <= outcome.offset()
                    && outcome.offset() < range.path("to").asLong()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldReplayAPartitionFromAnOffset() {
        // Given
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        int partition = outcome.partition();
        long end = ends().get(partition);
        String path = created(MINIMAL);

        // Then
        String body = "{\"partition\":" + partition + ",\"offset\":%d}";
        assertThat(json(replay(path, body.formatted(outcome.offset())))
                        .path("ranges")
                        .toString())
                .isEqualTo("[{\"partition\":" + partition + ",\"from\":" + outcome.offset() + ",\"to\":" + end + "}]");
        assertThat(json(replay(path, body.formatted(end - 1))).path("ranges")).hasSize(1);
        HttpResponse<String> atTheEnd = replay(path, body.formatted(end));
        assertThat(atTheEnd.statusCode()).isEqualTo(202);
        assertThat(json(atTheEnd).path("ranges")).isEmpty();
        assertRefused(replay(path, body.formatted(end + 1)), 400, ProblemCode.INVALID_BODY, "");
        assertThat(replay(path, "{\"delivery\":\"" + partition + "-" + (end - 1) + "\"}")
                        .statusCode())
                .isEqualTo(202);
        assertRefused(
                replay(path, "{\"delivery\":\"" + partition + "-" + end + "\"}"), 400, ProblemCode.INVALID_BODY, "");
        assertRefused(replay(path, "{\"partition\":2,\"offset\":0}"), 400, ProblemCode.INVALID_BODY, "");
        assertRefused(replay(path, "{\"delivery\":\"2-0\"}"), 400, ProblemCode.INVALID_BODY, "");
    }

    @Test
    void shouldRefuseReplaysThatMeanNothing() {
        String path = created(MINIMAL);
        Map.ofEntries(
                        Map.entry("{}", ""),
                        Map.entry("{\"to\":\"2026-01-01\"}", ""),
                        Map.entry("{\"partition\":0}", ""),
                        Map.entry("{\"offset\":0}", ""),
                        Map.entry("{\"delivery\":\"0-0\",\"from\":\"2026-01-01\"}", ""),
                        Map.entry("{\"delivery\":\"0-0\",\"partition\":0,\"offset\":0}", ""),
                        Map.entry("{\"from\":\"2026-01-01\",\"offset\":0}", ""),
                        Map.entry("{\"from\":\"2026-01-01\",\"to\":\"2026-01-01\"}", "/to"),
                        Map.entry("{\"from\":\"noon\"}", "/from"),
                        Map.entry("{\"from\":7}", "/from"),
                        Map.entry("{\"from\":\"2026-01-01\",\"to\":\"noon\"}", "/to"),
                        Map.entry("{\"delivery\":\"0\"}", "/delivery"),
                        Map.entry("{\"delivery\":\"-1-0\"}", "/delivery"),
                        Map.entry("{\"delivery\":0}", "/delivery"),
                        Map.entry("{\"partition\":-1,\"offset\":0}", "/partition"),
                        Map.entry("{\"partition\":100000,\"offset\":0}", "/partition"),
                        Map.entry("{\"partition\":0,\"offset\":-1}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":1.0}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":\"0\"}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":99999999999999999999}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":0,\"limit\":1}", "/limit"))
                .forEach((body, pointer) -> assertRefused(replay(path, body), 400, ProblemCode.INVALID_BODY, pointer));
        assertRefused(
                api.send("POST", path + "/replay", "{}", "Content-Type", "text/plain"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(replay(NOBODY, "{\"from\":\"2026-01-01\"}"), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(path)).path("replays")).isEmpty();
    }

    @Test
    void shouldTakeSixteenReplaysOfAnEndpoint() {
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        String path = created(MINIMAL);
        String body = "{\"delivery\":\"" + outcome.partition() + "-" + outcome.offset() + "\"}";
        for (int i = 0; i < 16; i++) {
            assertThat(replay(path, body).statusCode()).isEqualTo(202);
        }
        assertRefused(replay(path, body), 409, ProblemCode.TOO_MANY_REPLAYS);
        assertThat(replay(created(MINIMAL), body).statusCode()).isEqualTo(202);
    }

    // ---- tests of endpoints

    @Test
    void shouldSendATestEventWhateverTheState() {
        // Given
        String path = created(MINIMAL);
        api.send("PATCH", path, "{\"state\":\"paused\"}");
        TESTED.clear();

        // When
        HttpResponse<String> tested = api.send("POST", path + "/test", null);

        // Then
        assertThat(tested.statusCode()).as(tested.body()).isEqualTo(200);
        assertThat(tested.body())
                .isEqualTo("{\"at\":\"2026-09-21T14:13:20.000Z\",\"success\":false,\"status\":500,\"latency_ms\":17,"
                        + "\"error\":null,\"answer\":\"<script>\"}");
        assertThat(TESTED).containsExactly(registry.endpoints().get(id(path)));
        JsonNode gone = json(api.send("POST", created("{\"url\":\"https://gone.example/\"}") + "/test", null));
        assertThat(gone.path("status").isNull()).isTrue();
        assertThat(gone.path("error").asText()).isEqualTo("Connection refused");
        assertRefused(api.send("POST", NOBODY + "/test", null), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    // ---- who may

    @Test
    void shouldServeAdministratorsOnly() throws Exception {
        String path = created(MINIMAL);
        try (HttpServer guarded = serve(tokens("admin", "read", "write", "read,write"), webhooks)) {
            Api guard = new Api(guarded.port());
            for (String call : List.of(
                    "GET " + ENDPOINTS,
                    "POST " + ENDPOINTS,
                    "GET " + path,
                    "PATCH " + path,
                    "POST " + path + "/rotate-secret",
                    "GET " + path + "/deliveries",
                    "POST " + path + "/replay",
                    "POST " + path + "/test",
                    "DELETE " + path)) {
                String[] parts = call.split(" ");
                String body = parts[0].equals("PATCH") || call.endsWith("/replay") ? "{}" : null;
                assertThat(guard.send(parts[0], parts[1], body).statusCode())
                        .as(call)
                        .isEqualTo(401);
                for (String token : List.of("read", "write", "read,write")) {
                    assertRefused(
                            guard.send(parts[0], parts[1], body, "Authorization", "Bearer " + token),
                            403,
                            ProblemCode.FORBIDDEN);
                }
                assertThat(guard.send(parts[0], parts[1], body, "Authorization", "Bearer admin")
                                .statusCode())
                        .as(call)
                        .isIn(200, 204, 400, 415);
            }
        }
    }

    private static ApiTokens tokens(String... scopes) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String scope : scopes) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(scope.getBytes(StandardCharsets.UTF_8));
            lines.append(HexFormat.of().formatHex(hash))
                    .append(' ')
                    .append(scope)
                    .append('\n');
        }
        return ApiTokens.load(Files.writeString(Files.createTempFile(directory, "tokens", ""), lines));
    }

    @Test
    void shouldHaveNoSuchCallsWithoutWebhooks() {
        try (HttpServer without = serve(null, null)) {
            assertRefused(new Api(without.port()).get(ENDPOINTS), 404, ProblemCode.NOT_FOUND);
        }
    }
}

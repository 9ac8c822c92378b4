package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.Position;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What operators are told, by a real ledger. One broker and one ledger serve all tests; users are the tests' own. */
class OperatorsIT {
    private static final String ADDRESS = "127.0.0.1:4711";

    @TempDir
    private static Path directory;

    private static final RecordedFailStop FAIL_STOP = new RecordedFailStop();
    private static LedgerRig rig;
    private static LedgerStreams ledger;
    private static LedgerGateway reads;
    private static CommandGateway commands;
    private static OutcomeFeed feed;
    private static ClusterGateway cluster;
    private static DeadLetterGateway deadLetters;
    private static PrometheusMeterRegistry registry;
    private static HttpServer server;
    private static Api api;

    @BeforeAll
    static void start() {
        rig = LedgerRig.start(directory);
        StreamSettings settings =
                ChangedSettings.of(rig.settings()).address(ADDRESS).build();
        ledger = rig.startLedger(settings, FAIL_STOP);
        reads = new LedgerGateway(ledger);
        feed = new OutcomeFeed(
                settings.kafka(), settings.topics().output(), ledger.settings().partitions());
        commands = new CommandGateway(
                ledger, reads, settings.kafka(), settings.topics().input());
        cluster = new ClusterGateway(ledger, settings);
        deadLetters = new DeadLetterGateway(settings.kafka(), settings.topics().deadLetters());
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        server = start(null, registry, false);
        api = new Api(server.port());
    }

    private static HttpServer start(ApiTokens tokens, PrometheusMeterRegistry metrics, boolean accessLog) {
        return HttpServer.start(
                new ListenAddress("127.0.0.1", 0, tokens, false),
                reads,
                commands,
                feed,
                new Operations(cluster, deadLetters, metrics, accessLog));
    }

    @AfterAll
    static void stop() {
        ledger.close();
        commands.stopWaiting();
        server.close();
        feed.close();
        deadLetters.close();
        cluster.close();
        commands.close();
        rig.close();
        assertThat(FAIL_STOP.reasons()).isEmpty();
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

    // ---- the cluster

    @Test
    void shouldDescribeTheLedger() {
        // Given
        Instant before = Instant.now();
        HttpResponse<String> written = api.post(deposit(UUID.randomUUID(), "cluster", "1"));
        assertThat(written.statusCode()).isEqualTo(200);
        JsonNode source = json(written).path("source");

        // When
        JsonNode body = Awaitility.await()
                .until(
                        () -> json(api.get("/v1/cluster")),
                        answer -> answer.path("partitions").findValuesAsText("lag").stream()
                                .allMatch("0"::equals));

        // Then
        assertThat(body.path("ledger").toString())
                .isEqualTo("{\"application_id\":\"tally-test\",\"topic_prefix\":\"\",\"topics\":{"
                        + "\"input\":\"transactions-in\",\"output\":\"transactions-out\","
                        + "\"dead_letters\":\"transactions-dlq\",\"journal\":\"tally-test-ledger-changelog\"},"
                        + "\"partitions\":2,\"default_currency\":\"USD\",\"registration_required\":false}");
        assertThat(body.path("instance").path("address").asText()).isEqualTo(ADDRESS);
        assertThat(body.path("instance").path("state").asText()).isEqualTo("RUNNING");
        assertThat(body.path("instance").path("ready").asBoolean()).isTrue();
        assertThat(Instant.parse(body.path("instance").path("since").asText())).isBefore(before);
        assertThat(body.path("instances").toString())
                .isEqualTo("[{\"address\":\"" + ADDRESS + "\",\"answered\":true,\"active\":[0,1],\"standby\":[]}]");
        assertThat(body.path("partitions")).hasSize(2);
        for (JsonNode partition : body.path("partitions")) {
            assertThat(partition.path("owner").asText()).isEqualTo(ADDRESS);
            assertThat(partition.path("served").asBoolean()).isTrue();
            assertThat(partition.path("committed_offset").asLong())
                    .isEqualTo(partition.path("end_offset").asLong());
            assertThat(partition.path("served_offset").asLong())
                    .isEqualTo(partition.path("committed_offset").asLong());
        }
        assertThat(body.path("partitions")
                        .get(source.path("partition").asInt())
                        .path("committed_offset")
                        .asLong())
                .isGreaterThan(source.path("offset").asLong());
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswerAndWhatIsNotServed() {
        // Given
        StreamSettings settings = rig.settingsOf("away", "away", 2, Map.of());
        LedgerStreams away = rig.startLedger(settings, FAIL_STOP);
        away.close();
        StreamSettings lost = ChangedSettings.of(settings)
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .build();
        try (ClusterGateway stopped = new ClusterGateway(away, settings);
                ClusterGateway nowhere = new ClusterGateway(away, lost);
                HttpServer one = serve(stopped);
                HttpServer two = serve(nowhere)) {
            // When
            JsonNode body = json(new Api(one.port()).get("/v1/cluster"));
            long start = System.nanoTime();
            HttpResponse<String> unavailable = new Api(two.port()).get("/v1/cluster");

            // Then
            assertThat(System.nanoTime() - start).isLessThan(6_000_000_000L);
            assertThat(unavailable.statusCode()).isEqualTo(503);
            assertThat(unavailable.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(json(unavailable).path("code").asText()).isEqualTo("unavailable");
            assertThat(body.path("instance").path("ready").asBoolean()).isFalse();
            assertThat(body.path("instance").path("state").asText()).isEqualTo("NOT_RUNNING");
            assertThat(body.path("instances")).isEmpty();
            assertThat(body.path("partitions").get(0).toString())
                    .isEqualTo("{\"partition\":0,\"owner\":null,\"committed_offset\":0,\"end_offset\":0,\"lag\":0,"
                            + "\"served\":false,\"served_offset\":null}");
        }
    }

    private static HttpServer serve(ClusterGateway gateway) {
        return HttpServer.start(
                new ListenAddress("127.0.0.1", 0, null, false),
                reads,
                commands,
                feed,
                new Operations(gateway, deadLetters, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), false));
    }

    // ---- dead letters

    @Test
    void shouldPageThroughTheDeadLettersOfAllPartitions() {
        // Given: each its own transaction, as nothing else is on its way; and repeats of a uid with other content
        Map<String, RecordMetadata> sent = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            String value = i + " is no command \u0000\u2028</script>";
            sent.put(
                    value,
                    rig.sendAndWait(new ProducerRecord<>(
                            rig.topics().input(),
                            ("letter-" + i).getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8))));
        }
        rig.sendAndWait(
                new ProducerRecord<>(rig.topics().input(), "big".getBytes(StandardCharsets.UTF_8), new byte[70_000]));
        rig.sendAndWait(new ProducerRecord<>(
                rig.topics().input(), "bytes".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff, 0}));
        rig.await(rig.topics().deadLetters(), 42);

        // When
        List<JsonNode> items = letters("limit=7");
        List<JsonNode> ofOne = letters("limit=500&partition=1");

        // Then
        assertThat(items).hasSize(42);
        assertThat(items.stream()
                        .map(item -> item.path("partition").asInt() + "/"
                                + item.path("offset").asLong()))
                .doesNotHaveDuplicates();
        assertThat(items)
                .isSortedAccordingTo((a, b) -> b.path("recorded_at")
                        .asText()
                        .compareTo(a.path("recorded_at").asText()));
        assertThat(ofOne)
                .isNotEmpty()
                .isEqualTo(items.stream()
                        .filter(item -> item.path("partition").asInt() == 1)
                        .toList());
        List<JsonNode> texts = items.stream()
                .filter(item -> sent.containsKey(item.path("text").asText()))
                .toList();
        assertThat(texts).hasSize(40).allSatisfy(item -> {
            RecordMetadata place = sent.get(item.path("text").asText());
            assertThat(item.path("code").asText()).isEqualTo("malformed_json");
            assertThat(item.path("detail").asText()).isNotBlank();
            assertThat(item.path("source").toString())
                    .isEqualTo("{\"partition\":" + place.partition() + ",\"offset\":" + place.offset() + "}");
            assertThat(item.path("truncated")).isEmpty();
            assertThat(new String(Base64.getDecoder().decode(item.path("value").asText()), StandardCharsets.UTF_8))
                    .isEqualTo(item.path("text").asText());
        });
        JsonNode big = ofKey(items, "big");
        assertThat(big.path("code").asText()).isEqualTo("too_large");
        assertThat(big.path("truncated").toString()).isEqualTo("[\"value\"]");
        assertThat(Base64.getDecoder().decode(big.path("value").asText())).hasSize(64 * 1024);
        assertThat(big.has("text")).isFalse();
        assertThat(ofKey(items, "bytes").has("text")).isFalse();
        assertThat(ofKey(items, "bytes").path("value").asText()).isEqualTo("/wA=");
    }

    private static JsonNode ofKey(List<JsonNode> items, String key) {
        String base64 = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        return items.stream()
                .filter(item -> item.path("key").asText().equals(base64))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> letters(String query) {
        return api.items("/v1/dead-letters?" + query, 100);
    }

    @Test
    void shouldRefuseWhatItDidNotOffer() {
        String cursor = new DeadLetterCursor(1, new TreeMap<>(Map.of(1, 5L))).toText();
        assertThat(api.get("/v1/dead-letters?cursor=" + cursor).statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/dead-letters?partition=1&cursor=" + cursor).statusCode())
                .isEqualTo(200);
        assertThat(api.get("/v1/dead-letters?limit=500").statusCode()).isEqualTo(200);
        for (String wrong : List.of(
                "limit=0",
                "limit=501",
                "partition=-1",
                "partition=2",
                "partition=x",
                "cursor=",
                "partition=0&cursor=" + cursor,
                "cursor=" + cursor.substring(1),
                "cursor=A" + cursor.substring(1))) {
            HttpResponse<String> refused = api.get("/v1/dead-letters?" + wrong);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            assertThat(json(refused).path("code").asText()).isEqualTo("invalid_parameter");
        }
    }

    // ---- who may

    @Test
    void shouldServeAdministratorsOnlyWhereTokensAreUsed() throws Exception {
        try (HttpServer guarded = start(
                tokens("admin", "read", "read,write,admin", "read,write"),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                false)) {
            Api guard = new Api(guarded.port());
            for (String path : List.of("/v1/cluster", "/v1/dead-letters")) {
                assertThat(guard.get(path).statusCode()).isEqualTo(401);
                for (String token : List.of("read", "read,write")) {
                    HttpResponse<String> forbidden = guard.get(path, "Authorization", "Bearer " + token);
                    assertThat(forbidden.statusCode()).isEqualTo(403);
                    assertThat(json(forbidden).path("code").asText()).isEqualTo("forbidden");
                }
                for (String token : List.of("admin", "read,write,admin")) {
                    assertThat(guard.get(path, "Authorization", "Bearer " + token)
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
            assertThat(guard.get("/metrics").statusCode()).isEqualTo(200);
            assertThat(guard.raw("GET /metrics HTTP/1.1\r\nConnection: close\r\nHost: evil.example\r\n\r\n"))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void shouldKnowLoopback() {
        for (String host : List.of("127.0.0.1", "localhost", "::1", "127.9.9.9")) {
            assertThat(new ListenAddress(host, 0, null, false).isLoopback()).isTrue();
        }
        for (String host : List.of("0.0.0.0", "::", "10.0.0.1", "no-such-host.invalid")) {
            assertThat(new ListenAddress(host, 0, null, false).isLoopback()).isFalse();
        }
    }

    // ---- metrics

    private static Optional<Double> sample(Api of, String series) {
        return of.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> Double.valueOf(line.substring(series.length() + 1)))
                .findFirst();
    }

    @Test
    void shouldCountRequestsByRouteAndNeverByPath() {
        // Given
        PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (HttpServer counted = start(null, own, false)) {
            Api client = new Api(counted.port());

            // When
            client.post(deposit(UUID.randomUUID(), "counted", "1"));
            client.post(deposit(UUID.randomUUID(), "counted", "1"));
            client.post("{}");
            client.get("/v1/user/counted/balance");
            client.get("/v1/user/nobody-here/balance");
            client.get("/nowhere/secret");
            client.send("DELETE", "/v1/transaction", null);
            client.raw("BREW /v1/transaction HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            client.raw("GET /v1/user/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
            client.get("/v1/cluster");

            // Then
            String count = "tally_http_request_seconds_count{method=\"%s\",route=\"%s\",status=\"%s\"}";
            Map<String, Double> expected = Map.of(
                    String.format(count, "POST", "/v1/transaction", 200), 2.0,
                    String.format(count, "POST", "/v1/transaction", 400), 1.0,
                    String.format(count, "GET", "/v1/user/{id}/balance", 200), 1.0,
                    String.format(count, "GET", "/v1/user/{id}/balance", 404), 1.0,
                    String.format(count, "GET", "unknown", 404), 1.0,
                    String.format(count, "DELETE", "unknown", 405), 1.0,
                    String.format(count, "OTHER", "unknown", 405), 1.0,
                    String.format(count, "GET", "/v1/user/{id}", 403), 1.0,
                    String.format(count, "GET", "/v1/cluster", 200), 1.0);
            expected.forEach((series, value) -> Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(sample(client, series)).as(series).hasValue(value)));
            String scrape = client.get("/metrics").body();
            assertThat(scrape)
                    .contains(
                            "tally_http_request_seconds_bucket{method=\"POST\",route=\"/v1/transaction\",status=\"200\",le=\"0.001\"}")
                    .contains(
                            "tally_http_request_seconds_bucket{method=\"POST\",route=\"/v1/transaction\",status=\"200\",le=\"10.0\"} 2")
                    .doesNotContain("nobody-here", "secret", "BREW", "evil");
            // The scrape itself is one.
            assertThat(sample(client, "tally_http_in_flight")).hasValue(1.0);
        }
    }

    @Test
    void shouldCountARequestThatWaitsUntilItIsAnswered() {
        // Given
        PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (HttpServer counted = start(null, own, false)) {
            Api client = new Api(counted.port());
            String far = new Position(reads.partitionOf("waits"), 1_000_000).toText();

            // When
            var waiting = client.sendLater("GET", "/v1/user/waits", null, "Tally-Position", far);

            // Then
            Awaitility.await()
                    .until(() -> sample(client, "tally_http_in_flight").equals(Optional.of(2.0)));
            assertThat(waiting.join().statusCode()).isEqualTo(400);
            Awaitility.await()
                    .until(() -> sample(client, "tally_http_in_flight").equals(Optional.of(1.0)));
            String sum = "tally_http_request_seconds_sum{method=\"GET\",route=\"/v1/user/{id}\",status=\"400\"}";
            assertThat(sample(client, sum))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(1.5, 20.0));
        }
    }

    // ---- the access log

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        Map<String, String> await(String path) {
            return Awaitility.await()
                    .until(
                            () -> events.stream()
                                    .map(Lines::values)
                                    .filter(values -> values.get("path").equals(path))
                                    .findFirst()
                                    .orElse(Map.of()),
                            values -> !values.isEmpty());
        }

        static Map<String, String> values(ILoggingEvent event) {
            Map<String, String> values = new TreeMap<>();
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                values.put(pair.key, String.valueOf(pair.value));
            }
            return values;
        }
    }

    @Test
    void shouldLogRequestsWithoutTheirSecrets() throws Exception {
        // Given
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
        Lines lines = new Lines();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try (HttpServer logged =
                start(tokens("read", "read,write"), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), true)) {
            Api client = new Api(logged.port());
            String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            String body = deposit(UUID.randomUUID(), "logged", "7.77");

            // When
            HttpResponse<String> answer = client.post(body, "Authorization", "Bearer read,write", "traceparent", trace);
            client.get("/v1/user/logged/balance?date=2026-01-01", "Authorization", "Bearer read", "traceparent", "x");
            client.get("/v1/user/a%0d%0a2026-01-01%20forged/balance", "Authorization", "Bearer nobodys-secret");
            client.raw("GET /v1/user/" + "\u00e4\"\\" + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            client.get("/" + "l".repeat(400));

            // Then
            Map<String, String> posted = lines.await("/v1/transaction");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(posted)
                    .containsEntry("method", "POST")
                    .containsEntry("route", "/v1/transaction")
                    .containsEntry("status", "200")
                    .containsEntry("request_bytes", String.valueOf(body.length()))
                    .containsEntry(
                            "response_bytes", String.valueOf(answer.body().length()))
                    .containsEntry("token_line", "2")
                    .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")
                    .hasEntrySatisfying(
                            "duration_ms",
                            millis -> assertThat(Double.parseDouble(millis)).isBetween(0.01, 30_000.0));
            assertThat(lines.await("/v1/user/logged/balance"))
                    .containsEntry("token_line", "1")
                    .doesNotContainKey("trace_id");
            assertThat(lines.await("/v1/user/a%0d%0a2026-01-01%20forged/balance"))
                    // The server's edge takes no control characters.
                    .containsEntry("status", "400")
                    .containsEntry("route", "unknown")
                    .doesNotContainKey("token_line");
            assertThat(lines.await("/" + "l".repeat(AccessLog.MAX_PATH - 1))).containsEntry("route", "unknown");
            Awaitility.await().until(() -> lines.events.size() == 5);
            for (ILoggingEvent event : lines.events) {
                String all = event.getFormattedMessage() + Lines.values(event);
                assertThat(all)
                        .doesNotContain(
                                "read,write", "Bearer", "nobodys-secret", "7.77", "date=", "\n", "\r", "\"", "\\u0000");
            }
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void shouldEscapeWhatCouldBeginALine() {
        assertThat(AccessLog.printable("/a\r\n\u0000\u2028\u00e4 \"\\b"))
                .isEqualTo("/a\\u000d\\u000a\\u0000\\u2028\\u00e4\\u0020\\u0022\\u005cb");
        assertThat(AccessLog.printable("x".repeat(256))).hasSize(256);
        assertThat(AccessLog.printable("x".repeat(257))).hasSize(256);
    }

    @Test
    void shouldLogNothingUnlessAsked() {
        // Given
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
        Lines lines = new Lines();
        lines.start();
        logger.addAppender(lines);

        // When
        api.get("/health/live");

        // Then
        Awaitility.await()
                .until(() -> sample(
                                api,
                                "tally_http_request_seconds_count{method=\"GET\",route=\"/health/live\",status=\"200\"}")
                        .isPresent());
        assertThat(lines.events).isEmpty();
        logger.detachAppender(lines);
    }
}

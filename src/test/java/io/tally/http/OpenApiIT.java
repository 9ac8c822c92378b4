package io.tally.http;

import static io.tally.http.Api.command;
import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.Api.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.webhook.Changed;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.http.ApiContract.Operation;
import io.tally.rig.Accidents;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API does what its description says and nothing else: every documented call, status, media type, header, parameter and
 * code is provoked, and nothing comes that is not documented. One broker serves all tests; users are the tests' own.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OpenApiIT {
    private static final String SCRATCH = "scratch";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final String ENDPOINTS = "/v1/webhook-endpoints";
    /** An endpoint that nobody has registered. */
    private static final String NO_ENDPOINT = "we_0000000000000000";

    /** Longer than the server waits for a body. */
    private static final int SOCKET_MILLIS = 20_000;

    @TempDir
    private static Path directory;

    private static final RecordedFailStop FAIL_STOP = new RecordedFailStop();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ExecutorService CLIENTS = Executors.newCachedThreadPool();

    private static LedgerRig rig;
    private static LedgerStreams ledger;
    private static LedgerStreams strictLedger;
    private static HttpServer server;
    /** A ledger with tokens; a token's text is its scopes. */
    private static Api guarded;
    /** A ledger whose commands nobody decides. */
    private static Api slow;
    /** A ledger whose brokers do not acknowledge. */
    private static Api lost;
    /** A ledger with registration and without Kafka for anything but commands and look-ups. */
    private static Api strict;

    private static Api api;
    /** Closed in the opposite order, after the ledgers. */
    private static final List<AutoCloseable> PARTS = new ArrayList<>();

    private final ApiContract contract = new ApiContract();
    private final List<Runnable> later = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        rig = LedgerRig.start(directory);
        try (var admin = rig.admin()) {
            new Accidents(admin).create(SCRATCH, 2);
        }
        ledger = rig.startLedger(rig.settings(), FAIL_STOP);
        LedgerGateway reads = new LedgerGateway(ledger);
        StreamSettings settings = rig.settings();
        CommandGateway commands = commands(ledger, reads, settings.topics().input());
        OutcomeFeed feed =
                closing(new OutcomeFeed(settings.kafka(), settings.topics().output(), 2));
        WebhookTopics.of("").createMissing(settings.kafka(), settings.topics().output());
        Operations operations = operations(ledger, settings);
        server = serve(reads, commands, feed, operations, null);
        api = new Api(server.port());
        guarded = new Api(serve(reads, commands, feed, operations, tokens()).port());
        slow = new Api(
                serve(reads, commands(ledger, reads, SCRATCH), feed, null, null).port());
        lost = new Api(serve(reads, commands(ledger, reads, "no-such-topic"), feed, null, null)
                .port());
        startStrict();
    }

    private static void startStrict() {
        StreamSettings settings = ChangedSettings.of(rig.settingsOf("strict", "strict", 2, Map.of()))
                .ledger(new StreamSettings.NewLedger(2, (short) 1, 1, "USD", true))
                .build();
        strictLedger = rig.startLedger(settings, FAIL_STOP);
        LedgerGateway reads = new LedgerGateway(strictLedger);
        StreamSettings nowhere = ChangedSettings.of(settings)
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .build();
        strict = new Api(serve(
                        reads,
                        closing(new CommandGateway(
                                strictLedger,
                                reads,
                                settings.kafka(),
                                settings.topics().input())),
                        closing(new OutcomeFeed(
                                nowhere.kafka(), settings.topics().output(), 2)),
                        operations(strictLedger, nowhere),
                        null)
                .port());
    }

    private static CommandGateway commands(LedgerStreams of, LedgerGateway reads, String topic) {
        return closing(new CommandGateway(of, reads, Map.of("bootstrap.servers", rig.bootstrapServers()), topic));
    }

    private static Operations operations(LedgerStreams of, StreamSettings settings) {
        return new Operations(
                closing(new ClusterGateway(of, settings)),
                closing(new DeadLetterGateway(
                        settings.kafka(), settings.topics().deadLetters())),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                false,
                Console.ON,
                webhooks(settings));
    }

    /** Endpoints that take every test event. */
    private static WebhookGateway webhooks(StreamSettings settings) {
        WebhookRegistry registry = closing(WebhookRegistry.start(
                settings.kafka(), WebhookTopics.of(settings.topicPrefix()), settings.applicationId()));
        return closing(new WebhookGateway(
                registry,
                settings,
                2,
                url -> null,
                endpoint -> CompletableFuture.completedFuture(new Attempt(1, 200, 5, null, "ok"))));
    }

    private static HttpServer serve(
            LedgerGateway reads, CommandGateway commands, OutcomeFeed feed, Operations operations, ApiTokens tokens) {
        return closing(
                HttpServer.start(new ListenAddress("127.0.0.1", 0, tokens, false), reads, commands, feed, operations));
    }

    private static <T extends AutoCloseable> T closing(T part) {
        PARTS.add(part);
        return part;
    }

    private static ApiTokens tokens() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String scope : List.of("read", "write")) {
            lines.append(sha256(scope)).append(' ').append(scope).append('\n');
        }
        for (Operation operation : new ApiContract().operations()) {
            lines.append(sha256("limited " + operation.id())).append(" read,write,admin 1\n");
        }
        return ApiTokens.load(Files.writeString(directory.resolve("tokens"), lines));
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    @AfterAll
    static void stop() throws Exception {
        ledger.close();
        strictLedger.close();
        for (int i = PARTS.size() - 1; i >= 0; i--) {
            PARTS.get(i).close();
        }
        rig.close();
        CLIENTS.shutdownNow();
        assertThat(FAIL_STOP.reasons()).isEmpty();
    }

    // ---- asking

    private Answer judged(int expected, Operation operation, String what, Answer answer) {
        assertThat(answer.status())
                .as("%s %s: %s", operation.id(), what, answer)
                .isEqualTo(expected);
        contract.judge(operation, answer);
        return answer;
    }

    /** Asks for a documented call in a documented way. */
    private Answer ask(int expected, Api at, String id, String path, String body, String... headers) {
        return asking(expected, at, id, path, body, headers).get();
    }

    /** The same, for what takes its time: the answer is judged in the end. */
    private void askLater(int expected, Api at, String id, String path, String body, String... headers) {
        Supplier<Answer> answer = asking(expected, at, id, path, body, headers);
        later.add(() -> {
            Answer ignored = answer.get();
        });
    }

    private Supplier<Answer> asking(int expected, Api at, String id, String path, String body, String... headers) {
        Operation operation = contract.operation(id);
        String[] parts = path.split("\\?", 2);
        assertThat(parts[0]).matches(Pattern.compile(operation.path().replaceAll("\\{[a-z]+}", "[^/]+")));
        for (String pair : parts.length < 2 ? new String[0] : parts[1].split("&")) {
            assertThat(operation.node().path("parameters").findValuesAsText("name"))
                    .contains(pair.split("=", 2)[0]);
        }
        CompletableFuture<Answer> answer =
                at.sendLater(operation.method(), path, body, headers).thenApply(Answer::of);
        return () -> {
            Answer got = judged(expected, operation, path, answer.join());
            if (expected < 300 && body != null && List.of(headers).indexOf("Content-Type") < 0) {
                assertThat(contract.validate(
                                operation.bodies().path(Parameters.JSON).path("schema"), json(body)))
                        .as(body)
                        .isEmpty();
            }
            return got;
        };
    }

    private static String raw(Api at, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.port())) {
            socket.setSoTimeout(SOCKET_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("Expected an answer to " + request, e);
        }
    }

    private Answer askRaw(int expected, Operation operation, String target, String version, String head) {
        String request =
                operation.method() + " " + target + " " + version + "\r\n" + head + "Connection: close\r\n\r\n";
        return judged(expected, operation, target, Answer.parse(raw(api, request)));
    }

    private static String path(Operation operation) {
        String id = operation.path().startsWith(ENDPOINTS) ? NO_ENDPOINT : "alice";
        return operation.path().replace("{uid}", UUID.randomUUID().toString()).replace("{id}", id);
    }

    /** The first documented example of the body, null when the call has none. */
    private static String body(Operation operation) {
        JsonNode json = operation.bodies().path(Parameters.JSON);
        return json.isMissingNode() ? null : examples(json).get(0).toString();
    }

    private static List<JsonNode> examples(JsonNode mediaType) {
        List<JsonNode> values = new ArrayList<>(mediaType.path("examples").findValues("value"));
        if (mediaType.has("example")) {
            values.add(mediaType.path("example"));
        }
        return values;
    }

    // ---- everything

    @Test
    void shouldDoWhatIsDocumentedAndNothingElse() throws Exception {
        // When
        takeLong();
        for (Operation operation : contract.operations()) {
            refuse(operation);
            refuseByTheEdge(operation);
            refuseParameters(operation);
        }
        guardMetrics();
        transaction("postTransaction");
        transaction("putTransaction");
        transactions();
        openUsers();
        lookUp();
        follow("getEvents", "/v1/events");
        follow("getUserEvents", "/v1/user/seen/events");
        operate();
        webhooks();
        changeUnknown();
        trace();
        manyBodies();
        strictLedger.close();
        stopped();
        later.forEach(Runnable::run);

        // Then
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(contract.flaws()).isEmpty();
            softly.assertThat(contract.unseen()).isEmpty();
        });
    }

    /** What everything is refused by that has tokens or a body. */
    private void refuse(Operation operation) {
        String path = path(operation);
        String body = body(operation);
        String id = operation.id();
        if (path.startsWith("/v1/")) {
            ask(421, api, id, path, body, "Tally-Instance", "somebody else");
            ask(401, guarded, id, path, body);
            String other = operation.method().equals("GET") ? "write" : "read";
            ask(403, guarded, id, path, body, "Authorization", "Bearer " + other);
            limit(guarded, operation, "/v1/user/nobody");
        }
        ask(431, api, id, path, body, "X", "x".repeat(8 * 1024));
        if (body != null) {
            int limit = EdgeLimits.bodyBytes(path);
            ask(413, api, id, path, body + " ".repeat(limit + 1 - body.length()));
            ask(415, api, id, path, body, "Content-Type", "text/plain");
            ask(415, api, id, path, body, "Content-Encoding", "gzip");
        }
        assertThat(operation.documents(401))
                .as("%s needs a token", id)
                .isEqualTo(!operation.isOpen())
                .isEqualTo(path.startsWith("/v1/") || path.equals("/metrics"));
    }

    /** The second request in a second: a slow machine may need another try. */
    private void limit(Api at, Operation operation, String first) {
        String token = "Bearer limited " + operation.id();
        HttpResponse<String> refused = Awaitility.await()
                .until(
                        () -> {
                            at.get(first, "Authorization", token);
                            return at.sendLater(
                                            operation.method(),
                                            path(operation),
                                            body(operation),
                                            "Authorization",
                                            token)
                                    .completeOnTimeout(null, 2, TimeUnit.SECONDS)
                                    .join();
                        },
                        answer -> answer != null && answer.statusCode() == 429);
        judged(429, operation, "too often", Answer.of(refused));
    }

    private void refuseByTheEdge(Operation operation) {
        String path = path(operation);
        String host = "Host: localhost\r\n";
        askRaw(400, operation, path, "HTTP/1.1", host + "Sec-WebSocket-Version: 13\r\n");
        if (path.startsWith("/v1/")) {
            askRaw(400, operation, path + "?x=%", "HTTP/1.1", host);
        }
        askRaw(414, operation, path + "?" + "x".repeat(8 * 1024), "HTTP/1.1", host);
        askRaw(505, operation, path, "HTTP/3.7", host);
    }

    private void refuseParameters(Operation operation) {
        for (JsonNode parameter : operation.node().path("parameters")) {
            String name = parameter.path("name").asText();
            String path = path(operation);
            Answer answer;
            if (parameter.path("in").asText().equals("path")) {
                String wrong = operation.path().replace("{" + name + "}", "!");
                answer = ask(400, api, operation.id(), wrong, null);
            } else if (parameter.path("in").asText().equals("query")) {
                answer = ask(400, api, operation.id(), path + "?" + name + "=!", null);
                Answer other = askRaw(400, operation, path + "?" + name + "=%", "HTTP/1.1", "Host: localhost\r\n");
                assertThat(json(other.body()).at("/errors/0/pointer").asText()).isEqualTo(name);
            } else if (name.equals("Idempotency-Key")) {
                answer = ask(400, api, operation.id(), path, body(operation), name, "x".repeat(256));
            } else if (name.startsWith("trace")) {
                continue;
            } else {
                answer = ask(400, api, operation.id(), path, null, name, "!");
            }
            assertThat(json(answer.body()).at("/errors/0/pointer").asText()).isEqualTo(name);
            contract.sawParameter(operation.id(), parameter);
        }
    }

    /** Beyond loopback it has guards of its own; here they stand before nothing. */
    private void guardMetrics() throws Exception {
        ApiTokens tokens = tokens();
        Javalin far = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.host = "127.0.0.1";
                    config.jetty.port = 0;
                    config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
                    Operations.guardMetrics(config, new Access(tokens, false), false);
                    config.routes.get("/metrics", ctx -> ctx.result(""), Scope.READ);
                    config.routes.exception(
                            RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
                })
                .start();
        Api at = new Api(far.port());
        try {
            ask(401, at, "getMetrics", "/metrics", null);
            ask(403, at, "getMetrics", "/metrics", null, "Authorization", "Bearer write");
            ask(200, at, "getMetrics", "/metrics", null, "Authorization", "Bearer read");
            limit(at, contract.operation("getMetrics"), "/metrics");
        } finally {
            far.stop();
        }
        askRaw(403, contract.operation("getMetrics"), "/metrics", "HTTP/1.1", "Host: evil.example\r\n");
        askRaw(403, contract.operation("getCluster"), "/v1/cluster", "HTTP/1.1", "Host: evil.example\r\n");
    }

    // ---- commands

    private void transaction(String id) {
        String path = "/v1/transaction";
        String user = "of-" + id;
        twice(200, api, id, path, deposit(UUID.randomUUID(), user, "10"));
        twice(402, api, id, path, withdrawal(UUID.randomUUID(), user, "10.01"));
        ask(200, api, id, path, command(UUID.randomUUID(), "OPEN", user, ",\"name\":\"Ada\""));
        twice(409, api, id, path, command(UUID.randomUUID(), "OPEN", user, ""));
        UUID uid = UUID.randomUUID();
        ask(200, api, id, path, deposit(uid, user, "1"), "Idempotency-Key", uid.toString());
        ask(409, api, id, path, deposit(uid, user, "2"));
        ask(400, api, id, path, "{}");
        twice(404, strict, id, path, deposit(UUID.randomUUID(), user, "1"));
        makeRich();
        twice(422, api, id, path, deposit(UUID.randomUUID(), "rich", "9999999999999.99"));
    }

    private void twice(int expected, Api at, String id, String path, String body, String... headers) {
        Answer first = ask(expected, at, id, path, body, headers);
        Answer again = ask(expected, at, id, path, body, headers);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    private static void makeRich() {
        if (api.get("/v1/user/rich").statusCode() == 200) {
            return;
        }
        for (int i = 0; i < 1_000; i++) {
            rig.deposit("rich", "9999999999999.99");
        }
        rig.flush();
        Awaitility.await()
                .until(() ->
                        json(api.get("/v1/user/rich/balance")).path("sequence").asInt() == 1_000);
    }

    private void transactions() {
        String id = "postTransactions";
        String path = "/v1/transactions";
        UUID uid = UUID.randomUUID();
        String first = deposit(uid, "many", "10");
        List<String> commands = List.of(
                first,
                first,
                deposit(uid, "many", "11"),
                withdrawal(UUID.randomUUID(), "many", "10.01"),
                command(UUID.randomUUID(), "OPEN", "many", ""),
                command(UUID.randomUUID(), "OPEN", "many", ""),
                deposit(UUID.randomUUID(), "rich", "9999999999999.99"),
                "{\"uid\":1}",
                "{\"x\":\"" + "x".repeat(64 * 1024) + "\"}");
        ask(200, api, id, path, "[" + String.join(",", commands) + "]");
        ask(200, api, id, path, String.join("\n", commands), "Content-Type", BulkHandler.NDJSON);
        ask(200, strict, id, path, "[" + deposit(UUID.randomUUID(), "nobody", "1") + "]");
        ask(400, api, id, path, "{}");
        ask(400, api, id, path, "[]", "Idempotency-Key", uid.toString());
        ask(413, api, id, path, "[" + "{},".repeat(1_000) + "{}]");
    }

    private void openUsers() {
        String id = "postUser";
        String path = "/v1/user";
        assertThat(json(ask(201, api, id, path, "{}").body()).path("id").isIntegralNumber())
                .isTrue();
        twice(201, api, id, path, "{\"id\":\"ada\",\"name\":\"Ada\"}", "Idempotency-Key", "first");
        twice(409, api, id, path, "{\"id\":\"ada\"}", "Idempotency-Key", "second");
        ask(409, api, id, path, "{\"id\":\"ada\",\"name\":\"Eve\"}", "Idempotency-Key", "first");
        ask(201, api, id, path, "{\"id\":4711,\"name\":null}");
        Answer refused = ask(400, api, id, path, "{\"id\":\"!\"}");
        assertThat(json(refused.body()).at("/errors/0/pointer").asText()).isEqualTo("/id");
        ask(400, api, id, path, "[]");
    }

    // ---- look-ups

    private void lookUp() {
        UUID uid = UUID.randomUUID();
        String position = ask(200, api, "postTransaction", "/v1/transaction", deposit(uid, "seen", "10"))
                .header("Tally-Position");
        ask(200, api, "getTransaction", "/v1/transaction/" + uid, null, "Tally-Position", position);
        ask(404, api, "getTransaction", "/v1/transaction/" + UUID.randomUUID(), null);
        ask(200, api, "postTransaction", "/v1/transaction", deposit(uid, "other", "10"));
        ask(409, api, "getTransaction", "/v1/transaction/" + uid, null);
        ask(200, api, "getTransaction", "/v1/transaction/" + uid + "?user_id=seen", null);
        ask(404, api, "getTransaction", "/v1/transaction/" + uid + "?user_id=third", null);
        ask(200, api, "getUser", "/v1/user/seen", null, "Tally-Position", position);
        ask(200, api, "getUser", "/v1/user/ada", null);
        ask(404, api, "getUser", "/v1/user/nobody", null);
        ask(200, api, "getBalance", "/v1/user/seen/balance", null, "Tally-Position", position);
        Answer then = ask(200, api, "getBalance", "/v1/user/seen/balance?date=2025-01-31&currency=JPY", null);
        assertThat(json(then.body()).path("balance").asText()).isEqualTo("0");
        assertThat(json(then.body()).path("as_of").asText()).isEqualTo("2025-01-31T00:00:00.000Z");
        ask(404, api, "getBalance", "/v1/user/nobody/balance", null);
        String statement = "/v1/user/of-postTransaction/transactions";
        Answer page = ask(
                200,
                api,
                "getStatement",
                statement + "?limit=1&status=accepted&order=desc&currency=USD&from=2020-01-01&to=9999-01-01",
                null);
        String cursor = json(page.body()).path("next_cursor").asText();
        ask(200, api, "getStatement", statement + "?cursor=" + cursor, null);
        assertThat(json(ask(200, api, "getStatement", statement, null).body())
                        .path("next_cursor")
                        .isNull())
                .isTrue();
        ask(404, api, "getStatement", "/v1/user/nobody/transactions", null);
    }

    /** From now on, and then once more from there. */
    private void follow(String id, String path) throws Exception {
        String start = events(id, path, "");
        String position = start.lines().findFirst().orElseThrow().substring("id: ".length());
        ask(200, api, "postTransaction", "/v1/transaction", deposit(UUID.randomUUID(), "seen", "1"));
        assertThat(events(id, path, "data: ", "Last-Event-ID", position)).contains("event: tally.transaction.accepted");
        assertThat(events(id, path + "?after=" + position, "data: ")).contains("\"user_id\":\"seen\"");
    }

    /** A stream up to the first block with this in it. */
    private String events(String id, String path, String wanted, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder body = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                body.append(line).append('\n');
                if (line.isEmpty() && body.indexOf(wanted) >= 0) {
                    break;
                }
            }
        }
        judged(
                200,
                contract.operation(id),
                path,
                Answer.of(response.statusCode(), response.headers(), body.toString()));
        return body.toString();
    }

    // ---- for operators

    private void operate() {
        ask(200, api, "getCluster", "/v1/cluster", null);
        for (String value : new String[] {"no command", null, "x".repeat(70_000)}) {
            rig.sendAndWait(new ProducerRecord<>(
                    rig.topics().input(),
                    "letter".getBytes(StandardCharsets.UTF_8),
                    value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
        }
        rig.await(rig.topics().deadLetters(), 3);
        Answer page = ask(200, api, "getDeadLetters", "/v1/dead-letters?limit=1", null);
        String cursor = json(page.body()).path("next_cursor").asText();
        ask(200, api, "getDeadLetters", "/v1/dead-letters?limit=500&cursor=" + cursor, null);
        ask(200, api, "getDeadLetters", "/v1/dead-letters?partition=0", null);
        ask(200, api, "getLive", "/health/live", null);
        ask(200, api, "getReady", "/health/ready", null);
        ask(200, api, "getMetrics", "/metrics", null);
        ask(200, api, "getDescription", "/openapi.yaml", null);
        ask(200, api, "getCommandSchema", "/command.schema.json", null);
        ask(200, api, "getOutcomeSchema", "/outcome.schema.json", null);
        ask(200, api, "getWebhookSchema", "/webhook.schema.json", null);
        ask(200, api, "getDocs", "/docs", null);
        ask(200, api, "getConsole", "/", null);
        ask(404, slow, "getConsole", "/", null);
    }

    private void webhooks() {
        String settings = "{\"url\":\"https://shop.example/hook\"}";
        Answer created = ask(201, api, "postWebhookEndpoint", ENDPOINTS, settings, "Idempotency-Key", "contract");
        String one = created.header("Location");
        ask(200, api, "postWebhookEndpoint", ENDPOINTS, settings, "Idempotency-Key", "contract");
        ask(
                409,
                api,
                "postWebhookEndpoint",
                ENDPOINTS,
                "{\"url\":\"https://other.example/\"}",
                "Idempotency-Key",
                "contract");
        ask(400, api, "postWebhookEndpoint", ENDPOINTS, "{}");
        ask(200, api, "getWebhookEndpoints", ENDPOINTS, null);
        ask(200, api, "getWebhookEndpoint", one, null);
        ask(200, api, "patchWebhookEndpoint", one, "{\"state\":\"paused\"}", "If-Match", created.header("ETag"));
        ask(412, api, "patchWebhookEndpoint", one, "{\"state\":\"active\"}", "If-Match", created.header("ETag"));
        ask(400, api, "patchWebhookEndpoint", one, "{\"id\":\"" + NO_ENDPOINT + "\"}");
        ask(200, api, "postWebhookSecret", one + "/rotate-secret", null);
        ask(200, api, "getWebhookDeliveries", one + "/deliveries?state=dead&limit=1", null);
        ask(400, api, "postWebhookReplay", one + "/replay", "{\"to\":\"2026-01-31\"}");
        for (int i = 0; i < WebhookRegistry.MAX_REPLAYS; i++) {
            ask(202, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        }
        ask(409, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        ask(200, api, "getWebhookEndpoint", one, null);
        ask(200, api, "postWebhookTest", one + "/test", null);
        ask(412, api, "deleteWebhookEndpoint", one, null, "If-Match", "\"1\"");
        ask(204, api, "deleteWebhookEndpoint", one, null);
        ask(404, api, "getWebhookEndpoint", one, null);
        ask(404, api, "patchWebhookEndpoint", one, "{}");
        ask(404, api, "deleteWebhookEndpoint", one, null);
        ask(404, api, "postWebhookSecret", one + "/rotate-secret", null);
        ask(404, api, "getWebhookDeliveries", one + "/deliveries", null);
        ask(404, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        ask(404, api, "postWebhookTest", one + "/test", null);
        while (api.send("POST", ENDPOINTS, settings).statusCode() == 201) {
            continue;
        }
        ask(409, api, "postWebhookEndpoint", ENDPOINTS, settings);
        json(ask(200, api, "getWebhookEndpoints", ENDPOINTS, null).body())
                .path("items")
                .forEach(endpoint ->
                        api.send("DELETE", ENDPOINTS + "/" + endpoint.path("id").asText(), null));
    }

    /** What a commit without an answer comes to; how that comes about is for another test. */
    private void changeUnknown() {
        Javalin far = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.host = "127.0.0.1";
                    config.jetty.port = 0;
                    config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
                    config.routes.delete(
                            ENDPOINTS + "/{id}",
                            ctx -> Answers.json(ctx, WebhookAnswers.value(new Changed.Unknown<Endpoint>())));
                    config.routes.exception(
                            RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
                })
                .start();
        try {
            ask(503, new Api(far.port()), "deleteWebhookEndpoint", ENDPOINTS + "/" + NO_ENDPOINT, null);
        } finally {
            far.stop();
        }
    }

    /** The trace of a request comes out with the outcome. */
    private void trace() {
        for (Operation operation : contract.operations()) {
            for (JsonNode parameter : operation.node().path("parameters")) {
                if (parameter.path("name").asText().startsWith("trace")) {
                    String state = "tally=" + operation.id();
                    String user = "trace-" + operation.id();
                    String body = operation.id().equals("postUser")
                            ? "{\"id\":\"" + user + "\"}"
                            : deposit(UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8)), user, "1");
                    api.send(
                            operation.method(),
                            operation.path(),
                            operation.id().equals("postTransactions") ? "[" + body + "]" : body,
                            "traceparent",
                            TRACE,
                            "tracestate",
                            state);
                    String name = parameter.path("name").asText();
                    assertThat(rig.readAll(rig.topics().output()))
                            .filteredOn(record -> user.equals(new String(record.key(), StandardCharsets.UTF_8)))
                            .anySatisfy(record -> assertThat(
                                            record.headers().lastHeader(name).value())
                                    .asString(StandardCharsets.UTF_8)
                                    .isEqualTo(name.equals("traceparent") ? TRACE : state));
                    contract.sawParameter(operation.id(), parameter);
                }
            }
        }
    }

    // ---- when no answer can be given

    private void takeLong() {
        for (String id : List.of("postTransaction", "putTransaction")) {
            askLater(202, slow, id, "/v1/transaction", deposit(UUID.randomUUID(), "slow-" + id, "1"));
            askLater(503, lost, id, "/v1/transaction", deposit(UUID.randomUUID(), "lost-" + id, "1"));
        }
        askLater(202, slow, "postUser", "/v1/user", "{\"id\":\"slow\"}");
        askLater(503, lost, "postUser", "/v1/user", "{\"id\":\"lost\"}");
        askLater(
                200, slow, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "slow", "1") + "]");
        askLater(
                200, lost, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "lost", "1") + "]");
        askLater(503, strict, "getEvents", "/v1/events", null);
        askLater(503, strict, "getUserEvents", "/v1/user/lost/events", null);
        askLater(503, strict, "getCluster", "/v1/cluster", null);
        askLater(503, strict, "getDeadLetters", "/v1/dead-letters", null);
        String endpoint = ENDPOINTS + "/" + NO_ENDPOINT;
        askLater(503, strict, "getWebhookEndpoints", ENDPOINTS, null);
        askLater(503, strict, "getWebhookEndpoint", endpoint, null);
        askLater(503, strict, "getWebhookDeliveries", endpoint + "/deliveries", null);
        askLater(503, strict, "postWebhookTest", endpoint + "/test", null);
        askLater(503, strict, "postWebhookEndpoint", ENDPOINTS, "{\"url\":\"https://shop.example/\"}");
        askLater(503, strict, "patchWebhookEndpoint", endpoint, "{}");
        askLater(503, strict, "deleteWebhookEndpoint", endpoint, null);
        askLater(503, strict, "postWebhookSecret", endpoint + "/rotate-secret", null);
        askLater(503, strict, "postWebhookReplay", endpoint + "/replay", "{\"from\":\"2020-01-01\"}");
        for (Operation operation : contract.operations()) {
            if (!operation.bodies().isMissingNode()) {
                String half = operation.method() + " " + path(operation)
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n[";
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> raw(api, half), CLIENTS);
                later.add(() -> {
                    Answer ignored = judged(408, operation, "half", Answer.parse(answer.join()));
                });
            }
        }
    }

    /** So many half bodies that one more does not find room. */
    private void manyBodies() throws Exception {
        int large = 1_000_000;
        // Written at once, so that the refusal cannot come in the middle and break the connection under the writer.
        int small = 50_000;
        List<Socket> half = new ArrayList<>();
        try {
            long held = 0;
            while (held <= EdgeLimits.WAITING_BYTES) {
                int size = held < EdgeLimits.WAITING_BYTES - 2L * large ? large : small;
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), slow.port());
                half.add(socket);
                String head = "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (size + 1);
                socket.getOutputStream()
                        .write((head + "\r\n\r\n" + " ".repeat(size)).getBytes(StandardCharsets.US_ASCII));
                held += size;
            }
            // Whichever was taken last.
            Socket refused = Awaitility.await()
                    .until(() -> answered(half), Optional::isPresent)
                    .orElseThrow();
            String answer = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            judged(503, contract.operation("postTransactions"), "one too many", Answer.parse(answer));
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    private static Optional<Socket> answered(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            if (socket.getInputStream().available() > 0) {
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    private void stopped() {
        for (String id : List.of("postTransaction", "putTransaction")) {
            ask(503, strict, id, "/v1/transaction", deposit(UUID.randomUUID(), "away", "1"));
        }
        ask(503, strict, "postUser", "/v1/user", "{}");
        Answer results = ask(
                200, strict, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "a", "1") + "]");
        assertThat(json(results.body()).at("/0/status").asInt()).isEqualTo(503);
        ask(503, strict, "getTransaction", "/v1/transaction/" + UUID.randomUUID(), null);
        ask(503, strict, "getUser", "/v1/user/away", null);
        ask(503, strict, "getBalance", "/v1/user/away/balance", null);
        ask(503, strict, "getStatement", "/v1/user/away/transactions", null);
        ask(503, strict, "getReady", "/health/ready", null);
        ask(200, strict, "getLive", "/health/live", null);
    }

    // ---- the description itself

    @Test
    void shouldShowExamplesThatWork() {
        String endpoint = api.send(
                        "POST", ENDPOINTS, "{\"url\":\"https://shop.example/\"}", "Idempotency-Key", "examples")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        for (Operation operation : contract.operations()) {
            operation.bodies().properties().forEach(body -> {
                List<JsonNode> examples = examples(body.getValue());
                assertThat(examples).as(operation.id() + " " + body.getKey()).isNotEmpty();
                for (JsonNode example : examples) {
                    assertThat(contract.validate(body.getValue().path("schema"), example))
                            .isEmpty();
                    Answer answer = Answer.of(api.send(
                            operation.method(),
                            operation.path().replace(ENDPOINTS + "/{id}", endpoint),
                            example.isTextual() ? example.asText() : example.toString(),
                            "Content-Type",
                            body.getKey()));
                    assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
                    assertThat(answer.body()).doesNotContain("problem");
                }
            });
            for (JsonNode parameter : operation.node().path("parameters")) {
                for (JsonNode example : examples(parameter)) {
                    assertThat(contract.validate(parameter.path("schema"), example))
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void shouldServeTheDocumentedPathsAndNoOthers() throws Exception {
        // Given
        Set<String> documented = new TreeSet<>();
        contract.operations().forEach(operation -> documented.add(operation.method() + " " + operation.path()));
        for (String asset : assets()) {
            documented.add("GET " + asset);
        }
        documented.add("GET " + ConsolePages.PATH + "{file}");

        // Then
        assertThat(routes()).isEqualTo(documented);
        for (Operation operation : contract.operations()) {
            Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
            contract.operations().forEach(other -> {
                if (other.path().equals(operation.path())) {
                    methods.add(other.method());
                }
            });
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            HttpResponse<String> options = api.send("OPTIONS", path(operation), null);
            assertThat(options.statusCode()).isEqualTo(204);
            assertThat(options.headers().firstValue("Allow")).hasValue(String.join(", ", methods));
            HttpResponse<String> deeper = api.get(path(operation).replaceAll("/$", "") + "/x/y");
            assertThat(deeper.statusCode()).isEqualTo(404);
        }
    }

    /** What is registered with Javalin. It is nobody else's business, so the server has no method that tells. */
    private static Set<String> routes() throws ReflectiveOperationException {
        var field = HttpServer.class.getDeclaredField("javalin");
        field.setAccessible(true);
        Set<String> routes = new TreeSet<>();
        ((Javalin) field.get(server)).unsafe.internalRouter.allHttpHandlers().forEach(route -> {
            if (route.endpoint.method.isHttpMethod()) {
                routes.add(route.endpoint.method.name() + " " + route.endpoint.path);
            }
        });
        return routes;
    }

    /** What the page of the API names. */
    private static List<String> assets() {
        return Pattern.compile("(?:src|href)=\"(/docs/[^\"]+)\"")
                .matcher(api.get("/docs").body())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void shouldServeTheDescriptionAndItsPage() throws IOException {
        for (String file :
                List.of("openapi.yaml", "command.schema.json", "outcome.schema.json", "webhook.schema.json")) {
            assertThat(api.get("/" + file).body()).isEqualTo(Files.readString(Path.of("schemas", file)));
        }
        String page = api.get("/docs").body();
        assertThat(page).doesNotContain("//").doesNotContainPattern("<script>|\\son[a-z]+=");
        assertThat(assets()).hasSize(4);
        List<String> paths = new ArrayList<>(assets());
        paths.add("/docs");
        for (String path : paths) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self';")
                    .contains("frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }
        assertThat(api.get("/docs/start.js").body()).contains("url: '/openapi.yaml'");
    }

    @Test
    void shouldServeTheConsole() {
        for (String path : List.of("/", "/console/main.js", "/console/base.css", "/console/icon.svg")) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValue(ConsolePages.CONTENT_SECURITY_POLICY);
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
        }
        assertThat(guarded.get("/").statusCode()).as("the page holds no data").isEqualTo(200);
        for (String path : List.of("/console/index.html", "/console/none.js", "/console/..%2fcurrencies.csv")) {
            assertThat(api.get(path).statusCode()).as(path).isIn(400, 404);
        }
    }
}

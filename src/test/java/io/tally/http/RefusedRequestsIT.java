package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the API refuses: for what it says or for who sends it; and whatever is asked, it never fails. */
class RefusedRequestsIT extends ApiCases {
    // ---- what is wrong

    @Test
    void shouldAnswerProblemsOnly() {
        String padding = "\"x\":\"" + "x".repeat(65_536) + "\"";
        assertProblem(api.post("{\"uid\""), ProblemCode.INVALID_COMMAND);
        assertProblem(api.post(""), ProblemCode.INVALID_COMMAND);
        assertProblem(api.post("{" + padding + "}"), ProblemCode.TOO_LARGE);
        assertProblem(api.post("{}", "Content-Type", "text/plain"), ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(
                api.post("{}", "Content-Type", "application/x-www-form-urlencoded"),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(
                api.send("POST", "/v1/user", "{}", "Content-Type", "text/json"), ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(api.get("/nowhere"), ProblemCode.NOT_FOUND);
        assertProblem(api.get("/v1/nowhere", "Accept", "text/html"), ProblemCode.NOT_FOUND);
        HttpResponse<String> method = api.send("DELETE", "/v1/transaction", null, "Accept", "text/html");
        assertProblem(method, ProblemCode.METHOD_NOT_ALLOWED);
        assertThat(method.headers().firstValue("Allow").orElseThrow().split(", "))
                .containsExactlyInAnyOrder("OPTIONS", "POST", "PUT");
        assertProblem(api.send("POST", "/v1/user/1/balance", "{}"), ProblemCode.METHOD_NOT_ALLOWED);
        assertProblem(api.get("/v1/user/%20/balance"), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get("/v1/user/nobody"), ProblemCode.UNKNOWN_USER);
        assertProblem(api.get("/v1/user/nobody/balance"), ProblemCode.UNKNOWN_USER);
        assertProblem(api.get("/v1/user/nobody/transactions"), ProblemCode.UNKNOWN_USER);
        assertProblem(api.get("/v1/user/nobody/balance?currency=XXX1"), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get("/v1/user/nobody/balance?date=yesterday"), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get("/v1/transaction/17"), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get("/v1/transaction/" + UUID.randomUUID()), ProblemCode.UNKNOWN_UID);
        assertProblem(api.get("/v1/transaction/" + UUID.randomUUID() + "?user_id=nobody"), ProblemCode.UNKNOWN_UID);
        assertProblem(
                api.get("/v1/transaction/" + UUID.randomUUID() + "?user_id=no%20body"), ProblemCode.INVALID_PARAMETER);
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldNameEveryFieldThatIsWrong() {
        // When
        HttpResponse<String> answer = api.post("{\"type\":\"PAY\",\"user_id\":\"x\",\"amount\":-1}");

        // Then
        assertProblem(answer, ProblemCode.INVALID_COMMAND);
        assertThat(json(answer).path("errors").findValuesAsText("pointer")).containsExactly("/uid", "/type", "/amount");
    }

    @Test
    void shouldRejectAnOverflow() {
        // Given
        for (int i = 0; i < 1_000; i++) {
            rig.deposit("rich", "9999999999999.99");
        }
        rig.flush();
        Awaitility.await()
                .until(() ->
                        json(api.get("/v1/user/rich/balance")).path("sequence").asInt() == 1_000);

        // When
        HttpResponse<String> answer = api.post(deposit(UUID.randomUUID(), "rich", "9999999999999.99"));

        // Then
        assertProblem(answer, ProblemCode.BALANCE_OVERFLOW);
        assertThat(balance("rich")).isEqualTo("9999999999999990.00");
    }

    @Test
    void shouldReadRawRequestsWithoutFailing() {
        String host = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        assertThat(api.raw("GET /v1/user/%zz/balance" + host + "\r\n")).startsWith("HTTP/1.1 400");
        assertThat(api.raw("GET /v1/user/%ff/balance" + host + "\r\n")).startsWith("HTTP/1.1 400");
        assertThat(api.raw("GET /v1/user/a%2Fb/balance" + host + "\r\n")).startsWith("HTTP/1.1 400");
        assertThat(api.raw("GET /v1/user/a/balance?date=%zz" + host + "\r\n")).startsWith("HTTP/1.1 4");
        assertThat(api.raw("BREW /v1/transaction" + host + "\r\n")).startsWith("HTTP/1.1 405");
        assertThat(api.raw("GET /nowhere" + host + "X: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(api.raw("POST /v1/transaction" + host
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(5) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(api.raw("POST /v1/transaction" + host
                        + "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n\u00ff\u00fe{"))
                .startsWith("HTTP/1.1 400");
    }

    // ---- positions
    // ---- who may

    @Test
    void shouldServeLoopbackNamesOnlyWithoutTokens() {
        // Given
        String request = "GET /v1/user/nobody HTTP/1.1\r\nConnection: close\r\nHost: ";

        // Then
        for (String host : List.of("localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080")) {
            assertThat(api.raw(request + host + "\r\n\r\n")).startsWith("HTTP/1.1 404");
        }
        for (String host : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
            assertThat(api.raw(request + host + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .contains("\"forbidden\"");
        }
        assertThat(api.raw("GET /health/live HTTP/1.1\r\nConnection: close\r\nHost: probe.example\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        try (HttpServer open = HttpServer.start(new ListenAddress("127.0.0.1", 0, null, true), reads, commands, feed)) {
            assertThat(new Api(open.port()).raw(request + "evil.example\r\n\r\n"))
                    .startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void shouldAskForTokens() throws Exception {
        // Given
        Path file = directory.resolve("tokens");
        Files.writeString(file, "# services\n\n" + line("reader-secret", "read") + line("all-secret", "read,write"));
        try (HttpServer guarded = HttpServer.start(
                new ListenAddress("127.0.0.1", 0, ApiTokens.load(file), false), reads, commands, feed)) {
            Api guard = new Api(guarded.port());
            UUID uid = UUID.randomUUID();
            String body = deposit(uid, "guarded", "1");

            // Then
            HttpResponse<String> without = guard.post(body);
            assertProblem(without, ProblemCode.UNAUTHORIZED);
            assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertProblem(guard.post(body, "Authorization", "Bearer wrong"), ProblemCode.UNAUTHORIZED);
            assertProblem(guard.post(body, "Authorization", "Basic all-secret"), ProblemCode.UNAUTHORIZED);
            assertProblem(guard.post(body, "Authorization", "Bearer reader-secret"), ProblemCode.FORBIDDEN);
            assertProblem(guard.get("/v1/nowhere"), ProblemCode.UNAUTHORIZED);
            assertProblem(guard.get("/v1/user/guarded"), ProblemCode.UNAUTHORIZED);
            // None of these went on to the handler.
            assertProblem(api.get("/v1/transaction/" + uid), ProblemCode.UNKNOWN_UID);
            assertProblem(
                    guard.get("/v1/user/guarded", "Authorization", "Bearer reader-secret"), ProblemCode.UNKNOWN_USER);
            assertThat(guard.post(body, "Authorization", "bearer all-secret").statusCode())
                    .isEqualTo(200);
            assertThat(guard.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(guard.raw("GET /v1/user/guarded HTTP/1.1\r\nConnection: close\r\nHost: a.example\r\n"
                            + "Authorization: Bearer reader-secret\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");

            // When
            Files.writeString(file, line("all-secret", "read,write") + line("slow-secret", "read,write 1"));
            Awaitility.await().until(() -> statusOf(guard, "slow-secret") == 200);
            HttpResponse<String> limited =
                    guard.post(deposit(UUID.randomUUID(), "limited", "1"), "Authorization", "Bearer slow-secret");

            // Then
            assertProblem(limited, ProblemCode.RATE_LIMITED);
            assertThat(statusOf(guard, "all-secret")).isEqualTo(200);
            assertProblem(api.get("/v1/user/limited"), ProblemCode.UNKNOWN_USER);

            // When
            Files.writeString(file, "broken\n");
            Awaitility.await().pollDelay(Duration.ofMillis(2_200)).until(() -> true);
            assertThat(statusOf(guard, "all-secret")).isEqualTo(200);
            Files.writeString(file, line("new-secret", "read"));

            // Then
            Awaitility.await().until(() -> statusOf(guard, "all-secret") == 401);
            assertThat(statusOf(guard, "new-secret")).isEqualTo(200);
        }
    }

    @Test
    void shouldOpenOneUserForAKeyWhoeverSendsIt() throws Exception {
        // Given
        Path file = directory.resolve("services");
        Files.writeString(file, line("one-secret", "write") + line("other-secret", "write"));
        try (HttpServer guarded = HttpServer.start(
                new ListenAddress("127.0.0.1", 0, ApiTokens.load(file), false), reads, commands, feed)) {
            Api guard = new Api(guarded.port());

            // When
            HttpResponse<String> one = openUser(guard, "one-secret");
            HttpResponse<String> other = openUser(guard, "other-secret");

            // Then
            assertThat(one.statusCode()).isEqualTo(201);
            assertThat(one.headers().firstValue("Idempotent-Replayed")).isEmpty();
            assertThat(other.statusCode()).isEqualTo(201);
            assertThat(other.body()).isEqualTo(one.body());
            assertThat(other.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        }
    }

    private static HttpResponse<String> openUser(Api guard, String token) {
        return guard.send("POST", "/v1/user", "{}", "Authorization", "Bearer " + token, "Idempotency-Key", "invoice 1");
    }

    private static int statusOf(Api guard, String token) {
        return guard.get("/v1/user/guarded", "Authorization", "Bearer " + token).statusCode();
    }

    private static String line(String token, String scopes) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash) + "  " + scopes + "\n";
    }

    // ---- anything

    @Test
    void shouldNeverFailWhateverIsAsked() throws InterruptedException {
        // Given
        long seed = Long.getLong("tally.fuzz.seed", new SplittableRandom().nextLong());
        int requests = Integer.getInteger("tally.fuzz.requests", 5_000);
        System.out.println("Request seed " + seed);
        RandomCalls calls = new RandomCalls(new SplittableRandom(seed));
        Semaphore atOnce = new Semaphore(32);
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream stderr = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));

        // When
        try {
            for (int i = 0; i < requests; i++) {
                atOnce.acquire();
                if (i % 4 == 0) {
                    byte[] garbage = calls.garbage();
                    CompletableFuture.supplyAsync(() -> api.garbage(garbage)).whenComplete((answer, failure) -> {
                        if (failure != null || !isAnswer(answer)) {
                            wrong.add(new String(garbage, StandardCharsets.ISO_8859_1) + "\n-> " + answer + failure);
                        }
                        atOnce.release();
                    });
                } else {
                    calls.next(api).get().whenComplete((answer, failure) -> {
                        if (failure != null || !isAnswer(answer)) {
                            wrong.add(answer == null ? "" + failure : answer.request() + "\n-> " + answer.body());
                        } else {
                            statuses.merge(answer.statusCode(), 1, Integer::sum);
                        }
                        atOnce.release();
                    });
                }
            }
            atOnce.acquire(32);
        } finally {
            System.setErr(stderr);
        }

        // Then
        System.out.println(requests + " requests, statuses " + statuses);
        assertThat(wrong).isEmpty();
        assertThat(statuses).containsKeys(200, 201, 400, 402, 404, 405, 409, 415);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("\n\tat ");
    }

    private static boolean isAnswer(HttpResponse<String> answer) {
        int status = answer.statusCode();
        boolean problem = answer.headers().firstValue("Content-Type").equals(Optional.of("application/problem+json"));
        return status != 500
                && status != 503
                && (status < 400
                        || problem
                                && (answer.body().isEmpty()
                                        || json(answer).path("status").asInt() == status));
    }

    /** None, or one or several of which each error is a problem. */
    private static boolean isAnswer(String raw) {
        return !raw.contains("HTTP/1.1 500")
                && !raw.contains("HTTP/1.1 503")
                && !raw.contains("org.eclipse")
                && Stream.of(raw.split("(?=HTTP/1\\.1 [45])"))
                        .filter(answer -> answer.matches("(?s)HTTP/1\\.1 [45].*"))
                        .allMatch(answer -> answer.contains("application/problem+json") && !answer.contains("Server:"));
    }
}

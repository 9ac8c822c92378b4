package io.tally.http;

import static io.tally.http.EdgeRig.ADDRESS;
import static io.tally.http.EdgeRig.BIG_ANSWER;
import static io.tally.http.EdgeRig.HANDLED;
import static io.tally.http.EdgeRig.assertProblem;
import static io.tally.http.EdgeRig.close;
import static io.tally.http.EdgeRig.closing;
import static io.tally.http.EdgeRig.connect;
import static io.tally.http.EdgeRig.get;
import static io.tally.http.EdgeRig.send;
import static io.tally.http.EdgeRig.serve;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client meets before any handler, as far as it does not depend on time. */
class EdgeRulesIT {
    /** As in production, but with time to fill the memory on a busy machine. */
    private static final Edge EDGE = new Edge(
            ADDRESS,
            new Patience(
                    Patience.STANDARD.silence(),
                    Patience.STANDARD.head(),
                    Duration.ofSeconds(20),
                    Patience.STANDARD.unread()));

    private static Javalin server;
    private static Api api;

    @BeforeAll
    static void start() {
        server = serve(EDGE);
        api = new Api(server.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    // ---- what cannot be read

    static Stream<Arguments> refused() {
        String host = "Host: localhost\r\n";
        String post = "POST /v1/transaction HTTP/1.1\r\n" + host;
        return Stream.of(
                Arguments.of("nonsense\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("\u0000\u0001\u0002\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small\r\n\r\n", ProblemCode.HTTP_VERSION_NOT_SUPPORTED),
                Arguments.of("GET /v1/small HTTP/1.1\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\nHost: \r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\nHost: a b\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\nHost: a:x\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        "GET /v1/small HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + closing(), ProblemCode.INVALID_REQUEST),
                Arguments.of("GET http://a/v1/small HTTP/1.1\r\nHost: b\r\n" + closing(), ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\n" + host + " folded: x\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\n" + host + "a b: x\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\n" + host + "a: \u0000\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/1.1\r\n" + host + "Expect: x\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of("GET /v1/small HTTP/2.0\r\n" + host + "\r\n", ProblemCode.HTTP_VERSION_NOT_SUPPORTED),
                Arguments.of("GET /v1/small HTTP/3.7\r\n" + host + "\r\n", ProblemCode.HTTP_VERSION_NOT_SUPPORTED),
                Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ProblemCode.HTTP_VERSION_NOT_SUPPORTED),
                Arguments.of(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", ProblemCode.INVALID_REQUEST),
                Arguments.of(post + "Content-Length: -1\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(post + "Content-Length: 99999999999999999999\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(post + "Transfer-Encoding: gzip\r\n\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nab\r\n",
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1//length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("//v1/small"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/./length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/user/../length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/.."), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/../v1/small"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/small;x=y"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1;x/length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%2e%2e/length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/user%2flength"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%00"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%zz"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%u0041"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%ff"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/%25"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1\\length"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/small#x"), ProblemCode.INVALID_REQUEST),
                Arguments.of(get("v1/length"), ProblemCode.INVALID_REQUEST),
                Arguments.of("CONNECT localhost:1 HTTP/1.1\r\n" + host + closing(), ProblemCode.INVALID_REQUEST),
                Arguments.of("CONNECT localhost HTTP/1.1\r\n" + host + closing(), ProblemCode.NOT_FOUND),
                Arguments.of(get("/" + "x".repeat(9_000)), ProblemCode.URI_TOO_LONG),
                Arguments.of(
                        "GET /v1/small HTTP/1.1\r\n" + host + "X: " + "x".repeat(9_000) + "\r\n\r\n",
                        ProblemCode.HEADERS_TOO_LARGE),
                Arguments.of(
                        "GET /v1/small HTTP/1.1\r\n" + host + "X: y\r\n".repeat(2_000) + "\r\n",
                        ProblemCode.HEADERS_TOO_LARGE),
                Arguments.of(get("/v1/nowhere"), ProblemCode.NOT_FOUND),
                Arguments.of(get("/"), ProblemCode.NOT_FOUND),
                // Who spells a path otherwise would else meet the limits of another one.
                Arguments.of(
                        "POST /v1/%74ransactions HTTP/1.1\r\n" + host + "Content-Length: 3\r\n" + closing() + "abc",
                        ProblemCode.NOT_FOUND),
                Arguments.of(get("/v1/transaction"), ProblemCode.METHOD_NOT_ALLOWED),
                Arguments.of("BREW /v1/small HTTP/1.1\r\n" + host + closing(), ProblemCode.METHOD_NOT_ALLOWED),
                Arguments.of("TRACE /v1/small HTTP/1.1\r\n" + host + closing(), ProblemCode.METHOD_NOT_ALLOWED),
                Arguments.of("get /v1/small HTTP/1.1\r\n" + host + closing(), ProblemCode.METHOD_NOT_ALLOWED),
                Arguments.of(
                        "GET /v1/small HTTP/1.1\r\n" + host + "X-HTTP-Method-Override: GET\r\n" + closing(),
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        "GET /v1/user/a/balance HTTP/1.1\r\n" + host + "X-HTTP-Method-Override: POST\r\n" + closing(),
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        "GET /v1/transaction HTTP/1.1\r\n" + host + "x-http-method-override: POST\r\n" + closing(),
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(
                        "GET /v1/small HTTP/1.1\r\n" + host
                                + "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
                        ProblemCode.INVALID_REQUEST),
                Arguments.of(get("/v1/worse"), ProblemCode.INTERNAL_ERROR),
                Arguments.of(get("/v1/broken"), ProblemCode.INTERNAL_ERROR));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWithAProblem(String request, ProblemCode code) {
        // When
        String answer = api.raw(request);

        // Then
        assertProblem(answer, code);
    }

    /** The library's own kinds of handlers, which are none of HTTP's methods. */
    static Stream<String> kindsOfHandlers() {
        return HandlerType.values().stream()
                .filter(type -> !type.isHttpMethod())
                .map(HandlerType::name);
    }

    @ParameterizedTest
    @MethodSource("kindsOfHandlers")
    void shouldNotTakeAKindOfHandlerForAMethod(String kind) {
        // When
        String nowhere = api.raw(kind + " /v1/nowhere HTTP/1.1\r\nHost: a\r\n" + closing());
        String small = api.raw(kind + " /v1/small HTTP/1.1\r\nHost: a\r\n" + closing());
        String overridden = api.raw("POST /v1/transaction HTTP/1.1\r\nHost: a\r\nX-HTTP-Method-Override: " + kind
                + "\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");

        // Then
        assertProblem(nowhere, ProblemCode.NOT_FOUND);
        assertProblem(small, ProblemCode.METHOD_NOT_ALLOWED);
        assertProblem(overridden, ProblemCode.INVALID_REQUEST);
    }

    @Test
    void shouldAnswerHeadAsGetWithoutItsBody() {
        // When
        HttpResponse<String> get = api.get("/v1/big");
        HttpResponse<String> head = api.send("HEAD", "/v1/big", null);

        // Then
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(get.body()).hasSize(BIG_ANSWER);
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"));
        assertThat(api.send("HEAD", "/v1/nowhere", null).statusCode()).isEqualTo(404);
        assertThat(api.send("HEAD", "/v1/transaction", null).statusCode()).isEqualTo(405);
    }

    @Test
    void shouldNameTheMethodsOfAPath() {
        // When
        HttpResponse<String> answer = api.send("OPTIONS", "/v1/transaction", null);

        // Then
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow")).hasValue("OPTIONS, POST, PUT");
        assertThat(api.send("OPTIONS", "/v1/nowhere", null).statusCode()).isEqualTo(404);
        assertThat(api.raw("OPTIONS * HTTP/1.1\r\nHost: a\r\n" + closing())).startsWith("HTTP/1.1 204");
    }

    // ---- the start

    @Test
    void shouldHaveHandledARequestBeforeTheFirstClientComes() {
        // Given
        int before = HANDLED.get();

        // When
        Javalin started = serve(new Edge(ADDRESS, Patience.STANDARD));

        // Then: of two first requests at the same time, Javalin would fail one.
        try {
            assertThat(HANDLED.get()).isGreaterThan(before);
        } finally {
            started.stop();
        }
    }

    // ---- limits

    @Test
    void shouldTakeAHeadOfEightKibibytes() {
        // Given
        String start = "GET /v1/small HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
        int room = EdgeLimits.HEAD_BYTES - start.length() - "\r\n\r\n".length();

        // Then
        assertThat(api.raw(start + "x".repeat(room) + "\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertProblem(api.raw(start + "x".repeat(room + 2) + "\r\n\r\n"), ProblemCode.HEADERS_TOO_LARGE);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void shouldTakeBodiesUpToTheLimitOfTheirPath(String path, int limit) {
        // Given
        String head = "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";

        // Then
        assertThat(api.raw(head + "Content-Length: " + limit + "\r\n\r\n" + "x".repeat(limit)))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n" + limit);
        assertThat(api.raw(chunked + chunks(limit))).startsWith("HTTP/1.1 200").endsWith("\r\n" + limit);
        // Announced: refused without a byte of it.
        assertProblem(api.raw(head + "Content-Length: " + (limit + 1) + "\r\n\r\n"), ProblemCode.TOO_LARGE);
        assertProblem(
                api.raw(head + "Expect: 100-continue\r\nContent-Length: " + (limit + 1) + "\r\n\r\n"),
                ProblemCode.TOO_LARGE);
        assertProblem(api.raw(chunked + chunks(limit + 1)), ProblemCode.TOO_LARGE);
        // Who sends it all the same, and reads only then, learns why it was refused.
        assertProblem(
                api.raw(head + "Content-Length: " + 4_000_000 + "\r\n\r\n" + "x".repeat(4_000_000)),
                ProblemCode.TOO_LARGE);
        assertProblem(api.raw(chunked + chunks(4_000_000)), ProblemCode.TOO_LARGE);
        assertThat(api.raw(head + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"))
                .contains("HTTP/1.1 200")
                .endsWith("\r\n3");
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("/v1/transaction", 64 * 1024),
                Arguments.of("/v1/transaction/", 64 * 1024),
                Arguments.of("/v1/transactions", 1024 * 1024),
                Arguments.of("/v1/transactions/", 1024 * 1024),
                Arguments.of("/v1/transaction?x=/v1/transactions", 64 * 1024));
    }

    private static String chunks(int length) {
        StringBuilder chunks = new StringBuilder();
        for (int left = length; left > 0; left -= 10_000) {
            int size = Math.min(left, 10_000);
            chunks.append(Integer.toHexString(size))
                    .append("\r\n")
                    .append("x".repeat(size))
                    .append("\r\n");
        }
        return chunks + "0\r\n\r\n";
    }

    // ---- many clients

    @Test
    void shouldTakeBodiesThatComeAtOnceWhileOthersFillTheMemory() throws Exception {
        // Given
        String head = "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n";
        List<Socket> slow = new ArrayList<>();
        try {
            for (long left = EdgeLimits.WAITING_BYTES; left > 0; ) {
                int length = (int) Math.min(left, EdgeLimits.BULK_BODY_BYTES - 1);
                slow.add(connect(server));
                send(slow.get(slow.size() - 1), head + "x".repeat(length));
                left -= length;
            }
            Awaitility.await().until(() -> EDGE.waitingBytes() == EdgeLimits.WAITING_BYTES);

            // When
            String answer = api.raw(
                    "POST /v1/transaction HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
            send(slow.get(slow.size() - 1), "y");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 200");
            String refused =
                    new String(slow.get(slow.size() - 1).getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertProblem(refused, ProblemCode.UNAVAILABLE);
        } finally {
            close(slow);
        }
        Awaitility.await().until(() -> EDGE.waitingBytes() == 0);
    }

    /** Those who watch connections answer look-ups of now, and must not be kept by those of the past, however they are asked. */
    @ParameterizedTest
    @ValueSource(strings = {"date", "d%61te", "%64%61%74%65"})
    void shouldWatchConnectionsWhileThePastIsSummedUp(String name) throws Exception {
        // Given: as many as watch, and more.
        int clients = 3 * Runtime.getRuntime().availableProcessors();
        CountDownLatch summed = new CountDownLatch(1);
        AtomicInteger summing = new AtomicInteger();
        Javalin slow = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    new Edge(ADDRESS, Patience.STANDARD).configure(config);
                    config.routes.get("/v1/small", ctx -> ctx.result("ok"));
                    config.routes.get("/v1/user/{id}/balance", ctx -> {
                        summing.incrementAndGet();
                        ctx.result(ctx.queryParam("date") + summed.await(1, TimeUnit.MINUTES));
                    });
                })
                .start();
        List<Socket> asking = new ArrayList<>();
        try {
            // When
            for (int i = 0; i < clients; i++) {
                Socket socket = connect(slow);
                asking.add(socket);
                send(socket, get("/v1/user/a/balance?" + name + "=2026"));
            }

            // Then
            Awaitility.await().until(() -> summing.get() == clients);
            try (Socket other = connect(slow)) {
                other.setSoTimeout(10_000);
                send(other, get("/v1/small"));
                assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .endsWith("ok");
            }
            summed.countDown();
            for (Socket socket : asking) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .endsWith("2026true");
            }
        } finally {
            summed.countDown();
            for (Socket socket : asking) {
                socket.close();
            }
            slow.stop();
        }
    }
}

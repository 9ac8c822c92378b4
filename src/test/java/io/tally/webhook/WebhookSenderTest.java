package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import io.tally.wire.webhook.Attempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do, and what becomes of it. */
class WebhookSenderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final WebhookSender sender = new WebhookSender(Sending.LOOPBACK, TIMEOUT);

    @AfterEach
    void stop() {
        sender.close();
    }

    private Attempt send(RawServer server) throws Exception {
        return Sending.send(sender, url(server)).attempt();
    }

    private static String url(RawServer server) {
        return "http://127.0.0.1:" + server.port() + "/hook?a=b%20c&d";
    }

    @Test
    void shouldSendWhatStandardWebhooksAskFor() throws Exception {
        try (RawServer server = RawServer.answering(OK)) {
            // When
            long before = System.currentTimeMillis();
            AttemptResult result = Sending.send(sender, url(server));

            // Then
            Attempt attempt = result.attempt();
            assertThat(attempt.at()).isBetween(before, System.currentTimeMillis());
            assertThat(attempt.latencyMs()).isBetween(0L, TIMEOUT.toMillis());
            assertThat(attempt).isEqualTo(new Attempt(attempt.at(), 200, attempt.latencyMs(), null, "ok"));
            assertThat(result.retryAfter()).isNull();
            assertThat(result.isGone()).isFalse();
            RawServer.Heard heard = server.heard().take();
            assertThat(heard.head()).startsWith("POST /hook?a=b%20c&d HTTP/1.1\r\n");
            assertThat(heard.body()).isEqualTo(Sending.BODY);
            assertThat(heard.field("host")).isEqualTo("127.0.0.1:" + server.port());
            assertThat(heard.field("user-agent")).isEqualTo("Tally-Webhooks/1");
            assertThat(heard.field("content-type")).isEqualTo("application/json");
            assertThat(heard.field("webhook-id")).isEqualTo("3-141");
            assertThat(heard.field("webhook-timestamp")).isEqualTo(Long.toString(attempt.at() / 1_000));
            assertThat(heard.head().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("accept-encoding", "cookie", "authorization", "expect:");
            Map<String, List<String>> fields = Map.of(
                    "webhook-id", List.of(heard.field("webhook-id")),
                    "webhook-timestamp", List.of(heard.field("webhook-timestamp")),
                    "webhook-signature", List.of(heard.field("webhook-signature")));
            assertThatCode(() -> new Webhook(Sending.SECRET)
                            .verify(heard.body(), HttpHeaders.of(fields, (name, value) -> true)))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, true",
        "204, true",
        "299, true",
        "300, false",
        "304, false",
        "400, false",
        "410, false",
        "500, false"
    })
    void shouldTellTheStatus(int status, boolean success) throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 " + status + " Any\r\nContent-Length: 0\r\n\r\n")) {
            // When
            AttemptResult result = Sending.send(sender, url(server));

            // Then
            assertThat(result.attempt().status()).isEqualTo(status);
            assertThat(result.attempt().isSuccess()).isEqualTo(success);
            assertThat(result.attempt().error()).isNull();
            assertThat(result.isGone()).isEqualTo(status == 410);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, PT7S", "503, PT7S", "500,", "200,"})
    void shouldHearHowLongToWait(int status, Duration expected) throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 " + status + " Any\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n")) {
            assertThat(Sending.send(sender, url(server)).retryAfter()).isEqualTo(expected);
        }
    }

    @Test
    void shouldReuseConnections() throws Exception {
        try (RawServer server = RawServer.answering(OK)) {
            // When
            for (int i = 0; i < 20; i++) {
                assertThat(send(server).status()).isEqualTo(200);
            }

            // Then
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldFollowNoRedirect() throws Exception {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            try (RawServer trap = RawServer.answering(OK);
                    RawServer server =
                            RawServer.answering("HTTP/1.1 " + status + " Elsewhere\r\nLocation: http://127.0.0.1:"
                                    + trap.port() + "/\r\nContent-Length: 0\r\n\r\n")) {
                // When
                Attempt attempt = send(server);

                // Then
                assertThat(attempt.status()).isEqualTo(status);
                assertThat(trap.connections()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"",
                "407 Proxy\r\nProxy-Authenticate: Basic"
            })
    void shouldNotAuthenticate(String head) throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 " + head + "\r\nContent-Length: 100000\r\n\r\n" + "a".repeat(100_000))) {
            assertThat(send(server).status()).isEqualTo(Integer.parseInt(head.substring(0, 3)));
            assertThat(server.heard()).hasSize(1);
        }
    }

    @Test
    void shouldKeepNoCookies() throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")) {
            // When
            send(server);
            send(server);

            // Then
            assertThat(server.heard())
                    .hasSize(2)
                    .allSatisfy(heard -> assertThat(heard.field("cookie")).isEmpty());
        }
    }

    @Test
    void shouldReadNoMoreThanItKeepsInMind() throws Exception {
        CompletableFuture<Integer> said = new CompletableFuture<>();
        byte[] chunk = "x".repeat(1_024).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 500 Oh\r\nContent-Length: 1000000000\r\n\r\n");
            int kilobytes = 0;
            try {
                while (true) {
                    connection.say(chunk);
                    kilobytes++;
                }
            } catch (IOException gone) {
                said.complete(kilobytes);
            }
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isEqualTo(500);
            assertThat(attempt.answer()).isEqualTo("x".repeat(Attempt.MAX_ANSWER));
            // What the systems' buffers hold comes on top.
            assertThat(said.get(5, TimeUnit.SECONDS)).isLessThan(20_000);
            Awaitility.await().until(() -> server.open() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"4096, 1", "4097, 2"})
    void shouldKeepTheConnectionAfter4KiBAndNoMore(int length, int connections) throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "a".repeat(length))) {
            // When
            send(server);
            Attempt second = send(server);

            // Then
            assertThat(second.status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(connections);
        }
    }

    @ParameterizedTest
    @CsvSource({"200, true", "500, false"})
    void shouldTakeTheStatusOfAnEndlessAnswer(int status, boolean success) throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 " + status + " Any\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                connection.say("1000\r\n" + "b".repeat(0x1000) + "\r\n");
            }
        })) {
            assertThat(send(server).isSuccess()).isEqualTo(success);
        }
    }

    @Test
    void shouldTakeTheStatusOfAnAnswerThatDripsForEver() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 202 Accepted\r\nContent-Length: 100000\r\n\r\n");
            drip(connection, "z");
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isEqualTo(202);
            assertThat(attempt.error()).isNull();
            assertThat(attempt.answer()).startsWith("z").hasSizeLessThan(200);
            assertThat(attempt.latencyMs()).isBetween(900L, 5_000L);
        }
    }

    private static void drip(RawServer.Connection connection, String text) throws IOException {
        while (true) {
            connection.say(text);
            new CompletableFuture<>()
                    .completeOnTimeout(null, 20, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    @Test
    void shouldTakeTheStatusOfAnAnswerThatBreaksOff() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
        })) {
            assertThat(send(server).answer()).isEqualTo("part");
        }
    }

    @Test
    void shouldPassOverInterimAnswers() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 199 Any\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                            + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK);
            connection.hang();
        })) {
            assertThat(send(server))
                    .extracting(Attempt::status, Attempt::answer)
                    .containsExactly(200, "ok");
        }
    }

    @Test
    void shouldNotSwitchProtocols() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            connection.hang();
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.isSuccess()).isFalse();
            assertThat(attempt.status()).isEqualTo(101);
            Awaitility.await().until(() -> server.open() == 0);
        }
    }

    @Test
    void shouldUnpackNothing() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[2_000_000]);
        }
        try (RawServer server = RawServer.on(connection -> {
            while (connection.hears()) {
                connection.say(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n");
                connection.say(packed.toByteArray());
            }
        })) {
            // When
            Attempt attempt = send(server);
            send(server);

            // Then
            assertThat(attempt.status()).isEqualTo(200);
            assertThat(attempt.answer()).startsWith("\ufffd").hasSizeLessThanOrEqualTo(Attempt.MAX_ANSWER);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldBeQuietForAsLongAsItMayTake() throws Exception {
        try (RawServer server = RawServer.on(RawServer.Connection::hang)) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isZero();
            assertThat(attempt.error()).isEqualTo("No answer within 1 s");
            assertThat(attempt.answer()).isNull();
            assertThat(attempt.latencyMs()).isBetween(900L, 5_000L);
            Awaitility.await().until(() -> server.open() == 0);
        }
    }

    @Test
    void shouldNotReadInterimAnswersForEver() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            while (true) {
                connection.say("HTTP/1.1 100 Continue\r\n\r\n");
            }
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isZero();
            assertThat(attempt.error()).isEqualTo("The answer is not HTTP, or its head is too long");
            Awaitility.await().until(() -> server.open() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 103 Early Hints\r\n\r\n", "", "HTTP/1.1 200 "})
    void shouldNotWaitForAHeadThatDrips(String beginning) throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say(beginning);
            drip(connection, beginning.contains("103") ? beginning : "a");
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isZero();
            assertThat(attempt.error()).isIn("No answer within 1 s", "The answer is not HTTP, or its head is too long");
            assertThat(attempt.latencyMs()).isLessThan(5_000);
        }
    }

    @Test
    void shouldRefuseAHeadThatIsTooLong() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say("HTTP/1.1 200 OK\r\n");
            while (true) {
                connection.say("X-Large: " + "a".repeat(1_000) + "\r\n");
            }
        })) {
            // When
            Attempt attempt = send(server);

            // Then
            assertThat(attempt.status()).isZero();
            // The second where assertions are on: Jetty does not expect this status in the exception that it makes.
            assertThat(attempt.error())
                    .isIn("The answer is not HTTP, or its head is too long", "The request failed: AssertionError");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"})
    void shouldRefuseWhatIsNotHttp(String answer) throws Exception {
        try (RawServer server = RawServer.on(connection -> {
            connection.hears();
            connection.say(answer);
            connection.hang();
        })) {
            assertThat(send(server))
                    .extracting(Attempt::status, Attempt::error)
                    .containsExactly(0, "The answer is not HTTP, or its head is too long");
        }
    }

    @Test
    void shouldTellOfAConnectionThatIsClosed() throws Exception {
        try (RawServer server = RawServer.on(RawServer.Connection::hears)) {
            assertThat(send(server))
                    .extracting(Attempt::status, Attempt::error)
                    .containsExactly(0, "The connection was closed before there was an answer");
        }
    }

    @Test
    void shouldTellOfAConnectionThatIsRefused() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }

        assertThat(Sending.send(sender, "http://127.0.0.1:" + port + "/").attempt())
                .extracting(Attempt::status, Attempt::error)
                .containsExactly(0, "The connection was refused");
    }

    @Test
    void shouldRefuseAUrlThatIsNotAllowedAnyMore() throws Exception {
        assertThat(Sending.send(sender, "ftp://127.0.0.1/").attempt().error()).startsWith("Expected an absolute URL");
        assertThat(Sending.send(sender, "http://10.0.0.1/").attempt().error()).startsWith("Expected a public address");
    }

    @Test
    void shouldKeepEndpointsOfOneHostApart() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
                    while (connection.hears()) {
                        connection.say(OK);
                    }
                });
                RawServer silent = RawServer.on(RawServer.Connection::hang);
                WebhookSender patient = new WebhookSender(Sending.LOOPBACK, Duration.ofSeconds(5))) {
            // Given: more requests than the connections to one endpoint.
            List<CompletableFuture<AttemptResult>> held = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                held.add(Sending.begin(patient, Sending.endpoint("we_silent", url(silent))));
            }

            Awaitility.await().until(() -> silent.open() == 256);

            // When
            Attempt attempt = Sending.send(patient, url(server)).attempt();

            // Then
            assertThat(attempt.status()).isEqualTo(200);
            assertThat(attempt.latencyMs()).isLessThan(4_000);
            assertThat(silent.open()).isEqualTo(256);
            assertThat(held)
                    .allSatisfy(one -> assertThat(
                                    one.get(10, TimeUnit.SECONDS).attempt().error())
                            .isEqualTo("No answer within 5 s"));
        }
    }

    @Test
    void shouldBoundWhatWaits() throws Exception {
        try (RawServer silent = RawServer.on(RawServer.Connection::hang);
                WebhookSender patient = new WebhookSender(Sending.LOOPBACK, Duration.ofSeconds(5))) {
            // When
            List<CompletableFuture<AttemptResult>> many = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) {
                many.add(Sending.begin(patient, Sending.endpoint(url(silent))));
            }

            // Then
            List<String> errors = new ArrayList<>();
            for (CompletableFuture<AttemptResult> one : many) {
                errors.add(one.get(20, TimeUnit.SECONDS).attempt().error());
            }
            assertThat(errors).contains("Too many requests wait for this endpoint, or Tally is stopping");
            assertThat(errors.stream().filter("No answer within 5 s"::equals).count())
                    .isBetween(1_024L, 1_024L + 256);
        }
    }

    @Test
    void shouldTellOnAnotherThreadThanTheSenders() throws Exception {
        try (RawServer server = RawServer.answering(OK)) {
            List<CompletableFuture<Thread>> threads = new ArrayList<>();
            for (String url : new String[] {url(server), "http://10.0.0.1/", "http://127.0.0.1:1/"}) {
                CompletableFuture<Thread> thread = new CompletableFuture<>();
                threads.add(thread);
                // When
                sender.send(
                        Sending.endpoint(url), Sending.message(), result -> thread.complete(Thread.currentThread()));
            }

            // Then
            assertThat(threads)
                    .allSatisfy(
                            thread -> assertThat(thread.get(5, TimeUnit.SECONDS).getName())
                                    .startsWith("webhook"));
        }
    }

    @Test
    void shouldTellOfWhatIsUnderWayWhenItStops() throws Exception {
        try (RawServer silent = RawServer.on(RawServer.Connection::hang)) {
            WebhookSender stopping = new WebhookSender(Sending.LOOPBACK, Duration.ofSeconds(30));
            List<CompletableFuture<AttemptResult>> held = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                held.add(Sending.begin(stopping, Sending.endpoint(url(silent))));
            }
            Awaitility.await().until(() -> silent.connections() > 0);

            // When
            stopping.close();
            held.add(Sending.begin(stopping, Sending.endpoint(url(silent))));

            // Then
            assertThat(held).allSatisfy(one -> {
                Attempt attempt = one.get(5, TimeUnit.SECONDS).attempt();
                assertThat(attempt.status()).isZero();
                assertThat(attempt.error()).isNotEmpty().hasSizeLessThanOrEqualTo(200);
            });
        }
    }
}

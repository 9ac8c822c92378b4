package io.tally.app.webhook;

import static io.tally.app.webhook.Deliveries.OTHER_SECRET;
import static io.tally.app.webhook.Deliveries.SECRET;
import static io.tally.app.webhook.Deliveries.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tally webhook listen} as users start it: what it answers and prints, and how it ends. */
class WebhookListenIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final int port = TallyProcess.freePort();

    @TempDir
    private Path folder;

    @Test
    void shouldEndWellWhenAllWasRight() throws Exception {
        try (TallyProcess listen = listen(Map.of("TALLY_WEBHOOK_SECRET", OTHER_SECRET + "," + SECRET))) {
            // When
            assertThat(deliver("1-7", body("ada", 7, 3))).isEqualTo(204);
            assertThat(deliver("1-8", body("ada", 8, 4))).isEqualTo(204);
            assertThat(deliver("1-7", body("ada", 7, 3))).isEqualTo(204);

            // Then
            assertThat(listen.terminate()).isZero();
            assertThat(linesOf(listen, " 1-7 "))
                    .hasSize(2)
                    .first()
                    .asString()
                    .matches(
                            "20\\S{17}([.]\\d{3})?Z 1-7 transaction[.]accepted user=ada amount=10[.]50 currency=USD balance=31[.]50"
                                    + " sequence=3 signature=ok timestamp=ok order=ok");
            assertThat(linesOf(listen, " 1-7 ").get(1)).endsWith(" repeat");
            assertThat(listen.output())
                    .contains("2 events, 1 repeats, 0 out of order, 0 bad signatures, 0 bad timestamps, 0 unreadable");
        }
    }

    @Test
    void shouldRefuseWhatIsNotFromWhoHasTheSecret() throws Exception {
        try (TallyProcess listen = listen(Map.of("TALLY_WEBHOOK_SECRET", SECRET))) {
            // Given
            Instant now = Instant.now();
            String right = Deliveries.signature(SECRET, "1-7", now, body("ada", 7, 3));
            Instant old = now.minusSeconds(310);

            // Then
            assertThat(post("1-7", now, null, body("ada", 7, 3))).isEqualTo(401);
            assertThat(post("1-7", now, right, body("ada", 7, 4))).isEqualTo(401);
            assertThat(post("1-8", now, right, body("ada", 7, 3))).isEqualTo(401);
            assertThat(post("1-7", now.plusSeconds(1), right, body("ada", 7, 3)))
                    .isEqualTo(401);
            assertThat(post("1-7", old, Deliveries.signature(SECRET, "1-7", old, body("ada", 7, 3)), body("ada", 7, 3)))
                    .isEqualTo(401);
            assertThat(post("1-7", now, right, body("ada", 7, 3))).isEqualTo(204);
            assertThat(listen.terminate()).isEqualTo(1);
            assertThat(linesOf(listen, "signature=wrong")).hasSize(4);
            assertThat(linesOf(listen, "timestamp=wrong (off by 31")).hasSize(1);
            assertThat(listen.output())
                    .contains("1 events, 0 repeats, 0 out of order, 4 bad signatures, 1 bad timestamps, 0 unreadable");
        }
    }

    @Test
    void shouldEndByItselfAndTellWhatWasOutOfOrder() throws Exception {
        try (TallyProcess listen = listen(Map.of(), "--count", "3", "--status", "202")) {
            // When
            assertThat(post("1-7", Instant.now(), null, body("ada", 7, 3))).isEqualTo(202);
            assertThat(post("1-9", Instant.now(), null, body("ada", 9, 5))).isEqualTo(202);
            assertThat(post("1-8", Instant.now(), null, body("ada", 8, 4))).isEqualTo(202);

            // Then
            assertThat(listen.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(linesOf(listen, "signature=unchecked timestamp=ok order=wrong"))
                    .hasSize(2);
            assertThat(listen.output()).contains("3 events, 0 repeats, 2 out of order");
        }
    }

    @Test
    void shouldBoundWhatItTakes() throws Exception {
        try (TallyProcess listen = listen(Map.of())) {
            // When
            String padded = body("ada", 7, 3)
                    + " ".repeat(ListenServer.MAX_BODY - body("ada", 7, 3).length());
            assertThat(post("1-7", Instant.now(), null, padded)).isEqualTo(204);
            assertThat(post("1-8", Instant.now(), null, padded + " ")).isEqualTo(413);
            assertThat(post("1-8", Instant.now(), null, "no event")).isEqualTo(400);
            assertThat(TallyProcess.get(URI.create("http://127.0.0.1:" + port)).statusCode())
                    .isEqualTo(405);

            // Then: who never comes to an end is cut off
            try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
                slow.setSoTimeout((int) PATIENCE.toMillis());
                slow.getOutputStream()
                        .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{"
                                .getBytes(StandardCharsets.US_ASCII));
                slow.getOutputStream().flush();
                assertThat(isCutOff(slow)).isTrue();
            }
            assertThat(post("1-9", Instant.now(), null, body("ada", 8, 4))).isEqualTo(204);
            assertThat(listen.terminate()).isEqualTo(1);
            assertThat(listen.output()).contains("2 events", "1 unreadable");
        }
    }

    @Test
    void shouldHaveAnEndpointWhileItRuns() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        HttpServer tally = tally(calls, 204);
        Path token = Files.writeString(folder.resolve("token"), "admin-token\n");
        String url = "http://127.0.0.1:" + tally.getAddress().getPort();
        try (TallyProcess listen = listen(Map.of(), "--register", url, "--token-file", token.toString())) {
            // When: signed with the secret that only the answer to the registration has told
            assertThat(deliver("1-7", body("ada", 7, 3))).isEqualTo(204);
            assertThat(post("1-8", Instant.now(), null, body("ada", 8, 4))).isEqualTo(401);

            // Then
            assertThat(listen.terminate()).isEqualTo(1);
            assertThat(calls)
                    .containsExactly(
                            "POST /v1/webhook-endpoints Bearer admin-token {\"url\":\"http://127.0.0.1:" + port
                                    + "/\",\"description\":\"tally webhook listen\",\"event_types\":"
                                    + "[\"transaction.accepted\",\"transaction.rejected\",\"user.opened\"]}",
                            "DELETE /v1/webhook-endpoints/we_0123456789abcdef Bearer admin-token ");
            assertThat(listen.output()).contains("registered as " + url).doesNotContain(SECRET);
        } finally {
            tally.stop(0);
        }
    }

    @Test
    void shouldSayThatTheEndpointMayStillBeThere() throws Exception {
        HttpServer tally = tally(new CopyOnWriteArrayList<>(), 503);
        String url = "http://127.0.0.1:" + tally.getAddress().getPort();
        try (TallyProcess listen = listen(Map.of(), "--register", url)) {
            // When
            assertThat(deliver("1-7", body("ada", 7, 3))).isEqualTo(204);

            // Then
            assertThat(listen.terminate()).isEqualTo(1);
            assertThat(listen.output()).contains("we_0123456789abcdef to be deleted, but got 503", "1 events");
        } finally {
            tally.stop(0);
        }
    }

    @Test
    void shouldSayThatItCannotRegister() {
        // Given: nobody listens there
        String url = "http://127.0.0.1:" + TallyProcess.freePort();

        // When
        try (TallyProcess listen = TallyProcess.start(
                folder.resolve("output"), Map.of(), "webhook", "listen", "--port", "0", "--register", url)) {
            // Then
            assertThat(listen.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(listen.output())
                    .contains("tally: Expected an endpoint", url, "no answer (", "ConnectException")
                    .doesNotContain("--token-file");
        }
    }

    private TallyProcess listen(Map<String, String> environment, String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(new String[] {"webhook", "listen", "--port", Integer.toString(port)}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        TallyProcess listen = TallyProcess.start(folder.resolve("output"), new HashMap<>(environment), arguments);
        listen.awaitOutput("Listening at http://127.0.0.1:" + port, PATIENCE);
        return listen;
    }

    /** A Tally as far as endpoints go: makes one, and answers its deletion with this status. */
    private static HttpServer tally(List<String> calls, int deleted) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange;
                    InputStream body = exchange.getRequestBody()) {
                calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + new String(body.readAllBytes(), StandardCharsets.UTF_8));
                if (exchange.getRequestMethod().equals("POST")) {
                    byte[] answer = ("{\"id\":\"we_0123456789abcdef\",\"secret\":\"" + SECRET + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(201, answer.length);
                    exchange.getResponseBody().write(answer);
                } else {
                    exchange.sendResponseHeaders(deleted, -1);
                }
            }
        });
        server.start();
        return server;
    }

    private int deliver(String id, String body) throws Exception {
        Instant now = Instant.now();
        return post(id, now, Deliveries.signature(SECRET, id, now, body), body);
    }

    private int post(String id, Instant timestamp, String signature, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hooks"))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(timestamp.getEpochSecond()))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (signature != null) {
            request.header("webhook-signature", signature);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static boolean isCutOff(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException e) {
            return e.getMessage().contains("reset");
        }
    }

    private static List<String> linesOf(TallyProcess process, String text) {
        return process.output().lines().filter(line -> line.contains(text)).toList();
    }
}

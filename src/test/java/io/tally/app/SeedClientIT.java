package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as the clients of the first API have it: on port 8000, with amounts as JSON numbers, users as numbers, times
 * without a zone, and nothing known of headers, positions or problems.
 */
class SeedClientIT {
    private static final int PORT = 8000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMEOUT_MS = 30_000;

    private record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asText();
        }
    }

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    private TallyProcess dev;

    @BeforeEach
    void startDev() {
        requireFreePort();
        Map<String, String> settings = Map.of(
                "TALLY_HTTP_PORT", Integer.toString(PORT),
                "TALLY_DEV_KAFKA_PORT", Integer.toString(TallyProcess.freePort()),
                "TALLY_DEV_CONTROLLER_PORT", Integer.toString(TallyProcess.freePort()));
        dev = TallyProcess.startProgram(folder, folder.resolve("output.txt"), settings, "dev");
        dev.awaitAnswer(uri("/health/ready"), PATIENCE);
    }

    private static void requireFreePort() {
        try (ServerSocket socket = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(
                    "This test needs port " + PORT
                            + " of 127.0.0.1, which the first API's clients call; another program"
                            + " listens there. Stop that and run the test again.",
                    e);
        }
    }

    @AfterEach
    void stopDev() {
        if (dev != null) {
            dev.close();
        }
    }

    @Test
    void shouldServeAClientThatKnowsOnlyTheFirstApi() throws IOException {
        // Given
        Answer created = send("POST", "/v1/user", "{\"name\":\"Ada\"}");
        long user = created.body().path("id").asLong();
        String balance = "/v1/user/" + user + "/balance";
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        UUID third = UUID.randomUUID();

        // When
        Answer in = send("PUT", "/v1/transaction", transaction(first, "DEPOSIT", "100.1", user, "2024-01-31T10:00:00"));
        Answer out =
                send("POST", "/v1/transaction", transaction(second, "WITHDRAW", "0.3", user, "2024-02-29T23:59:59.5"));
        Answer tooMuch =
                send("POST", "/v1/transaction", transaction(third, "WITHDRAW", "99.81", user, "2024-03-01T00:00:00"));
        Answer again =
                send("POST", "/v1/transaction", transaction(first, "DEPOSIT", "100.1", user, "2024-01-31T10:00:00"));

        // Then
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("id").isIntegralNumber()).isTrue();
        assertThat(created.text("name")).isEqualTo("Ada");
        assertThat(in.status()).as(in.body().toString()).isEqualTo(200);
        assertThat(in.text("uid")).isEqualTo(first.toString());
        assertThat(in.text("timestamp")).isEqualTo("2024-01-31T10:00:00.000Z");
        assertThat(out.status()).as(out.body().toString()).isEqualTo(200);
        assertThat(out.text("balance")).isEqualTo("99.80");
        assertThat(tooMuch.status()).isEqualTo(402);
        assertThat(again).isEqualTo(in);
        assertThat(get("/v1/transaction/" + first)).isEqualTo(in);
        assertThat(get("/v1/transaction/" + second)).isEqualTo(out);
        assertThat(get("/v1/transaction/" + third).text("status")).isEqualTo("REJECTED");
        assertThat(get("/v1/transaction/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(get(balance).text("balance")).isEqualTo("99.80");
        assertThat(get(balance + "?date=2024-01-31T09:59:59").text("balance")).isEqualTo("0.00");
        assertThat(get(balance + "?date=2024-01-31T10:00:00").text("balance")).isEqualTo("100.10");
        assertThat(get(balance + "?date=2024-02-29").text("balance")).isEqualTo("100.10");
        assertThat(get(balance + "?date=2024-03-01").text("balance")).isEqualTo("99.80");
        assertThat(get("/v1/user/" + (user + 1) + "/balance").status()).isEqualTo(404);
    }

    private static String transaction(UUID uid, String type, String amount, long user, String timestamp) {
        return "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"amount\":" + amount + ",\"user_id\":" + user
                + ",\"timestamp\":\"" + timestamp + "\"}";
    }

    private Answer get(String path) throws IOException {
        return send("GET", path, null);
    }

    private Answer send(String method, String path, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri(path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, json.readTree(answer));
        }
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + PORT + path);
    }
}

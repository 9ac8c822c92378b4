package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A client of an HTTP server on this machine. */
record Api(int port) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    static String command(UUID uid, String type, String user, String more) {
        return "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"user_id\":\"" + user + "\"" + more + "}";
    }

    static String deposit(UUID uid, String user, String amount) {
        return command(uid, "DEPOSIT", user, ",\"amount\":\"" + amount + "\"");
    }

    static String withdrawal(UUID uid, String user, String amount) {
        return command(uid, "WITHDRAW", user, ",\"amount\":\"" + amount + "\"");
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    /**
     * The items of all pages of a list.
     *
     * @param path with a query
     * @throws AssertionError if there are more pages than these
     */
    List<JsonNode> items(String path, int mostPages) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        for (int pages = 0; pages < mostPages; pages++) {
            HttpResponse<String> page = get(path + cursor);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            json(page).path("items").forEach(items::add);
            if (json(page).path("next_cursor").isNull()) {
                return items;
            }
            cursor = "&cursor=" + json(page).path("next_cursor").asText();
        }
        throw new AssertionError("Expected the pages to end");
    }

    HttpResponse<String> post(String body, String... headers) {
        return send("POST", "/v1/transaction", body, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return sendLater(method, path, body, headers).join();
    }

    CompletableFuture<HttpResponse<String>> postLater(String body, String... headers) {
        return sendLater("POST", "/v1/transaction", body, headers);
    }

    CompletableFuture<HttpResponse<String>> sendLater(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpRequest built = request.build();
        return sendOnce(built)
                .exceptionallyCompose(failure ->
                        closedMeanwhile(failure) ? sendOnce(built) : CompletableFuture.failedFuture(failure));
    }

    private static CompletableFuture<HttpResponse<String>> sendOnce(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The server closed a resting connection just as it was taken up again: clients must live with that (RFC 9112, 9.3.1). */
    private static boolean closedMeanwhile(Throwable failure) {
        return String.valueOf(failure).contains("header parser received no bytes");
    }

    /** What the server answers to these very characters, up to the end of the connection. */
    String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError("Expected an answer", e);
        }
    }

    /** What the server answers to these bytes and the end of them; empty when it hangs up. */
    String garbage(byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        } catch (IOException e) {
            throw new AssertionError("Expected an answer or an end", e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Expected JSON, but got " + text, e);
        }
    }
}

package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.http.ApiContract.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Asks for documented calls, and holds each answer against what is documented. For one thread. */
final class DocumentedCalls {
    static final String ENDPOINTS = "/v1/webhook-endpoints";

    /** An endpoint that nobody has registered. */
    static final String NO_ENDPOINT = "we_0000000000000000";

    /** Longer than the server waits for a body. */
    private static final int SOCKET_MILLIS = 20_000;

    private final ApiContract contract;
    private final List<Runnable> later = new ArrayList<>();

    DocumentedCalls(ApiContract contract) {
        this.contract = contract;
    }

    /** Asks for a documented call in a documented way. */
    Answer ask(int expected, Api at, String id, String path, String body, String... headers) {
        return asking(expected, at, id, path, body, headers).get();
    }

    /** The same twice: the second answer is the first one again. */
    void twice(int expected, Api at, String id, String path, String body, String... headers) {
        Answer first = ask(expected, at, id, path, body, headers);
        Answer again = ask(expected, at, id, path, body, headers);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    /** Asks for what takes its time: the answer is judged in the end. */
    void askLater(int expected, Api at, String id, String path, String body, String... headers) {
        Supplier<Answer> answer = asking(expected, at, id, path, body, headers);
        later(() -> {
            Answer ignored = answer.get();
        });
    }

    /** Puts a judgement off to the end. */
    void later(Runnable judgement) {
        later.add(judgement);
    }

    /** The end: waits for what was put off. */
    void awaitAll() {
        later.forEach(Runnable::run);
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

    Answer askRaw(int expected, Api at, Operation operation, String target, String version, String head) {
        String request =
                operation.method() + " " + target + " " + version + "\r\n" + head + "Connection: close\r\n\r\n";
        return judged(expected, operation, target, Answer.parse(raw(at, request)));
    }

    /** What a server answers to these very characters, up to the end of the connection. */
    static String raw(Api at, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.port())) {
            socket.setSoTimeout(SOCKET_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("Expected an answer to " + request, e);
        }
    }

    /** Judges the answer to a documented call, however it was asked for. */
    Answer judged(int expected, Operation operation, String what, Answer answer) {
        assertThat(answer.status())
                .as("%s %s: %s", operation.id(), what, answer)
                .isEqualTo(expected);
        contract.judge(operation, answer);
        return answer;
    }

    /** The call's path, with parameters of the right form. */
    static String path(Operation operation) {
        String id = operation.path().startsWith(ENDPOINTS) ? NO_ENDPOINT : "alice";
        return operation.path().replace("{uid}", UUID.randomUUID().toString()).replace("{id}", id);
    }

    /** The first documented example of the body, null when the call has none. */
    static String body(Operation operation) {
        JsonNode json = operation.bodies().path(Parameters.JSON);
        return json.isMissingNode() ? null : examples(json).get(0).toString();
    }

    static List<JsonNode> examples(JsonNode mediaType) {
        List<JsonNode> values = new ArrayList<>(mediaType.path("examples").findValues("value"));
        if (mediaType.has("example")) {
            values.add(mediaType.path("example"));
        }
        return values;
    }
}

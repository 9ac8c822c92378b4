package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.DocumentedCalls.ENDPOINTS;
import static io.tally.http.DocumentedCalls.NO_ENDPOINT;
import static io.tally.http.DocumentedCalls.path;
import static io.tally.http.DocumentedCalls.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.http.ApiContract.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** What documented calls answer when there is no answer to give. */
final class OutageSteps {
    private final OpenApiRig rig;
    private final Api api;
    private final Api slow;
    private final Api lost;
    private final Api strict;
    private final ApiContract contract;
    private final DocumentedCalls calls;

    OutageSteps(OpenApiRig rig, ApiContract contract, DocumentedCalls calls) {
        this.rig = rig;
        this.api = rig.api();
        this.slow = rig.slow();
        this.lost = rig.lost();
        this.strict = rig.strict();
        this.contract = contract;
        this.calls = calls;
    }

    void takeLong() {
        for (String id : List.of("postTransaction", "putTransaction")) {
            calls.askLater(202, slow, id, "/v1/transaction", deposit(UUID.randomUUID(), "slow-" + id, "1"));
            calls.askLater(503, lost, id, "/v1/transaction", deposit(UUID.randomUUID(), "lost-" + id, "1"));
        }
        calls.askLater(202, slow, "postUser", "/v1/user", "{\"id\":\"slow\"}");
        calls.askLater(503, lost, "postUser", "/v1/user", "{\"id\":\"lost\"}");
        calls.askLater(
                200, slow, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "slow", "1") + "]");
        calls.askLater(
                200, lost, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "lost", "1") + "]");
        calls.askLater(503, strict, "getEvents", "/v1/events", null);
        calls.askLater(503, strict, "getUserEvents", "/v1/user/lost/events", null);
        calls.askLater(503, strict, "getCluster", "/v1/cluster", null);
        calls.askLater(503, strict, "getDeadLetters", "/v1/dead-letters", null);
        String endpoint = ENDPOINTS + "/" + NO_ENDPOINT;
        calls.askLater(503, strict, "getWebhookEndpoints", ENDPOINTS, null);
        calls.askLater(503, strict, "getWebhookEndpoint", endpoint, null);
        calls.askLater(503, strict, "getWebhookDeliveries", endpoint + "/deliveries", null);
        calls.askLater(503, strict, "postWebhookTest", endpoint + "/test", null);
        calls.askLater(503, strict, "postWebhookEndpoint", ENDPOINTS, "{\"url\":\"https://shop.example/\"}");
        calls.askLater(503, strict, "patchWebhookEndpoint", endpoint, "{}");
        calls.askLater(503, strict, "deleteWebhookEndpoint", endpoint, null);
        calls.askLater(503, strict, "postWebhookSecret", endpoint + "/rotate-secret", null);
        calls.askLater(503, strict, "postWebhookReplay", endpoint + "/replay", "{\"from\":\"2020-01-01\"}");
        for (Operation operation : contract.operations()) {
            if (!operation.bodies().isMissingNode()) {
                String half = operation.method() + " " + path(operation)
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n[";
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> raw(api, half), rig.clients());
                calls.later(() -> {
                    Answer ignored = calls.judged(408, operation, "half", Answer.parse(answer.join()));
                });
            }
        }
    }

    /** So many half bodies that one more does not find room. */
    void manyBodies() throws Exception {
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
            calls.judged(503, contract.operation("postTransactions"), "one too many", Answer.parse(answer));
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

    void stopped() {
        for (String id : List.of("postTransaction", "putTransaction")) {
            calls.ask(503, strict, id, "/v1/transaction", deposit(UUID.randomUUID(), "away", "1"));
        }
        calls.ask(503, strict, "postUser", "/v1/user", "{}");
        Answer results = calls.ask(
                200, strict, "postTransactions", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "a", "1") + "]");
        assertThat(json(results.body()).at("/0/status").asInt()).isEqualTo(503);
        calls.ask(503, strict, "getTransaction", "/v1/transaction/" + UUID.randomUUID(), null);
        calls.ask(503, strict, "getUser", "/v1/user/away", null);
        calls.ask(503, strict, "getBalance", "/v1/user/away/balance", null);
        calls.ask(503, strict, "getStatement", "/v1/user/away/transactions", null);
        calls.ask(503, strict, "getReady", "/health/ready", null);
        calls.ask(200, strict, "getLive", "/health/live", null);
    }
}

package io.tally.http;

import static io.tally.http.Api.json;
import static io.tally.http.DocumentedCalls.body;
import static io.tally.http.DocumentedCalls.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.tally.http.ApiContract.Operation;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What documented calls are refused by that all of them have: tokens, limits, the edge, parameters. */
final class RefusalSteps {
    private final OpenApiRig rig;
    private final Api api;
    private final Api guarded;
    private final ApiContract contract;
    private final DocumentedCalls calls;

    RefusalSteps(OpenApiRig rig, ApiContract contract, DocumentedCalls calls) {
        this.rig = rig;
        this.api = rig.api();
        this.guarded = rig.guarded();
        this.contract = contract;
        this.calls = calls;
    }

    /** What everything is refused by that has tokens or a body. */
    void refuse(Operation operation) {
        String path = path(operation);
        String body = body(operation);
        String id = operation.id();
        if (path.startsWith("/v1/")) {
            calls.ask(421, api, id, path, body, "Tally-Instance", "somebody else");
            calls.ask(401, guarded, id, path, body);
            String other = operation.method().equals("GET") ? "write" : "read";
            calls.ask(403, guarded, id, path, body, "Authorization", "Bearer " + other);
            limit(guarded, operation, "/v1/user/nobody");
        }
        calls.ask(431, api, id, path, body, "X", "x".repeat(8 * 1024));
        if (body != null) {
            int limit = EdgeLimits.bodyBytes(path);
            calls.ask(413, api, id, path, body + " ".repeat(limit + 1 - body.length()));
            calls.ask(415, api, id, path, body, "Content-Type", "text/plain");
            calls.ask(415, api, id, path, body, "Content-Encoding", "gzip");
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
        calls.judged(429, operation, "too often", Answer.of(refused));
    }

    void refuseByTheEdge(Operation operation) {
        String path = path(operation);
        String host = "Host: localhost\r\n";
        calls.askRaw(400, api, operation, path, "HTTP/1.1", host + "Sec-WebSocket-Version: 13\r\n");
        if (path.startsWith("/v1/")) {
            calls.askRaw(400, api, operation, path + "?x=%", "HTTP/1.1", host);
        }
        calls.askRaw(414, api, operation, path + "?" + "x".repeat(8 * 1024), "HTTP/1.1", host);
        calls.askRaw(505, api, operation, path, "HTTP/3.7", host);
    }

    void refuseParameters(Operation operation) {
        for (JsonNode parameter : operation.node().path("parameters")) {
            String name = parameter.path("name").asText();
            String path = path(operation);
            Answer answer;
            if (parameter.path("in").asText().equals("path")) {
                String wrong = operation.path().replace("{" + name + "}", "!");
                answer = calls.ask(400, api, operation.id(), wrong, null);
            } else if (parameter.path("in").asText().equals("query")) {
                answer = calls.ask(400, api, operation.id(), path + "?" + name + "=!", null);
                Answer other =
                        calls.askRaw(400, api, operation, path + "?" + name + "=%", "HTTP/1.1", "Host: localhost\r\n");
                assertThat(json(other.body()).at("/errors/0/pointer").asText()).isEqualTo(name);
            } else if (name.equals("Idempotency-Key")) {
                answer = calls.ask(400, api, operation.id(), path, body(operation), name, "x".repeat(256));
            } else if (name.startsWith("trace")) {
                continue;
            } else {
                answer = calls.ask(400, api, operation.id(), path, null, name, "!");
            }
            assertThat(json(answer.body()).at("/errors/0/pointer").asText()).isEqualTo(name);
            contract.sawParameter(operation.id(), parameter);
        }
    }

    /** Beyond loopback it has guards of its own; here they stand before nothing. */
    void guardMetrics() throws Exception {
        ApiTokens tokens = rig.tokens();
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
            calls.ask(401, at, "getMetrics", "/metrics", null);
            calls.ask(403, at, "getMetrics", "/metrics", null, "Authorization", "Bearer write");
            calls.ask(200, at, "getMetrics", "/metrics", null, "Authorization", "Bearer read");
            limit(at, contract.operation("getMetrics"), "/metrics");
        } finally {
            far.stop();
        }
        calls.askRaw(403, api, contract.operation("getMetrics"), "/metrics", "HTTP/1.1", "Host: evil.example\r\n");
        calls.askRaw(403, api, contract.operation("getCluster"), "/v1/cluster", "HTTP/1.1", "Host: evil.example\r\n");
    }
}

package io.tally.http;

import static io.tally.http.Api.command;
import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.Api.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.http.ApiContract.Operation;
import io.tally.rig.LedgerRig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** Commands and what comes of them, as documented. */
final class CommandSteps {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final LedgerRig broker;
    private final Api api;
    private final Api strict;
    private final ApiContract contract;
    private final DocumentedCalls calls;

    CommandSteps(OpenApiRig rig, ApiContract contract, DocumentedCalls calls) {
        this.broker = rig.broker();
        this.api = rig.api();
        this.strict = rig.strict();
        this.contract = contract;
        this.calls = calls;
    }

    void transaction(String id) {
        String path = "/v1/transaction";
        String user = "of-" + id;
        calls.twice(200, api, id, path, deposit(UUID.randomUUID(), user, "10"));
        calls.twice(402, api, id, path, withdrawal(UUID.randomUUID(), user, "10.01"));
        calls.ask(200, api, id, path, command(UUID.randomUUID(), "OPEN", user, ",\"name\":\"Ada\""));
        calls.twice(409, api, id, path, command(UUID.randomUUID(), "OPEN", user, ""));
        UUID uid = UUID.randomUUID();
        calls.ask(200, api, id, path, deposit(uid, user, "1"), "Idempotency-Key", uid.toString());
        calls.ask(409, api, id, path, deposit(uid, user, "2"));
        calls.ask(400, api, id, path, "{}");
        calls.twice(404, strict, id, path, deposit(UUID.randomUUID(), user, "1"));
        makeRich();
        calls.twice(422, api, id, path, deposit(UUID.randomUUID(), "rich", "9999999999999.99"));
    }

    private void makeRich() {
        if (api.get("/v1/user/rich").statusCode() == 200) {
            return;
        }
        for (int i = 0; i < 1_000; i++) {
            broker.deposit("rich", "9999999999999.99");
        }
        broker.flush();
        Awaitility.await()
                .until(() ->
                        json(api.get("/v1/user/rich/balance")).path("sequence").asInt() == 1_000);
    }

    void transactions() {
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
        calls.ask(200, api, id, path, "[" + String.join(",", commands) + "]");
        calls.ask(200, api, id, path, String.join("\n", commands), "Content-Type", BulkHandler.NDJSON);
        calls.ask(200, strict, id, path, "[" + deposit(UUID.randomUUID(), "nobody", "1") + "]");
        calls.ask(400, api, id, path, "{}");
        calls.ask(400, api, id, path, "[]", "Idempotency-Key", uid.toString());
        calls.ask(413, api, id, path, "[" + "{},".repeat(1_000) + "{}]");
    }

    void openUsers() {
        String id = "postUser";
        String path = "/v1/user";
        assertThat(json(calls.ask(201, api, id, path, "{}").body()).path("id").isIntegralNumber())
                .isTrue();
        calls.twice(201, api, id, path, "{\"id\":\"ada\",\"name\":\"Ada\"}", "Idempotency-Key", "first");
        calls.twice(409, api, id, path, "{\"id\":\"ada\"}", "Idempotency-Key", "second");
        calls.ask(409, api, id, path, "{\"id\":\"ada\",\"name\":\"Eve\"}", "Idempotency-Key", "first");
        calls.ask(201, api, id, path, "{\"id\":4711,\"name\":null}");
        Answer refused = calls.ask(400, api, id, path, "{\"id\":\"!\"}");
        assertThat(json(refused.body()).at("/errors/0/pointer").asText()).isEqualTo("/id");
        calls.ask(400, api, id, path, "[]");
    }

    /** The trace of a request comes out with the outcome. */
    void trace() {
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
                    assertThat(broker.readAll(broker.topics().output()))
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
}

package io.tally.http;

import static io.tally.http.Api.json;
import static io.tally.http.DocumentedCalls.ENDPOINTS;
import static io.tally.http.DocumentedCalls.NO_ENDPOINT;

import io.javalin.Javalin;
import io.tally.gateway.webhook.UpdateResult;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.rig.LedgerRig;
import io.tally.wire.webhook.Endpoint;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Calls for operators and about webhook endpoints, as documented. */
final class OperatorSteps {
    private final LedgerRig broker;
    private final Api api;
    private final Api slow;
    private final DocumentedCalls calls;

    OperatorSteps(OpenApiRig rig, DocumentedCalls calls) {
        this.broker = rig.broker();
        this.api = rig.api();
        this.slow = rig.slow();
        this.calls = calls;
    }

    void operate() {
        calls.ask(200, api, "getCluster", "/v1/cluster", null);
        for (String value : new String[] {"no command", null, "x".repeat(70_000)}) {
            broker.sendAndWait(new ProducerRecord<>(
                    broker.topics().input(),
                    "letter".getBytes(StandardCharsets.UTF_8),
                    value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
        }
        broker.await(broker.topics().deadLetters(), 3);
        Answer page = calls.ask(200, api, "getDeadLetters", "/v1/dead-letters?limit=1", null);
        String cursor = json(page.body()).path("next_cursor").asText();
        calls.ask(200, api, "getDeadLetters", "/v1/dead-letters?limit=500&cursor=" + cursor, null);
        calls.ask(200, api, "getDeadLetters", "/v1/dead-letters?partition=0", null);
        calls.ask(200, api, "getLive", "/health/live", null);
        calls.ask(200, api, "getReady", "/health/ready", null);
        calls.ask(200, api, "getMetrics", "/metrics", null);
        calls.ask(200, api, "getDescription", "/openapi.yaml", null);
        calls.ask(200, api, "getCommandSchema", "/command.schema.json", null);
        calls.ask(200, api, "getOutcomeSchema", "/outcome.schema.json", null);
        calls.ask(200, api, "getWebhookSchema", "/webhook.schema.json", null);
        calls.ask(200, api, "getDocs", "/docs", null);
        calls.ask(200, api, "getConsole", "/", null);
        calls.ask(404, slow, "getConsole", "/", null);
    }

    void webhooks() {
        String settings = "{\"url\":\"https://shop.example/hook\"}";
        Answer created = calls.ask(201, api, "postWebhookEndpoint", ENDPOINTS, settings, "Idempotency-Key", "contract");
        String one = created.header("Location");
        calls.ask(200, api, "postWebhookEndpoint", ENDPOINTS, settings, "Idempotency-Key", "contract");
        calls.ask(
                409,
                api,
                "postWebhookEndpoint",
                ENDPOINTS,
                "{\"url\":\"https://other.example/\"}",
                "Idempotency-Key",
                "contract");
        calls.ask(400, api, "postWebhookEndpoint", ENDPOINTS, "{}");
        calls.ask(200, api, "getWebhookEndpoints", ENDPOINTS, null);
        calls.ask(200, api, "getWebhookEndpoint", one, null);
        calls.ask(200, api, "patchWebhookEndpoint", one, "{\"state\":\"paused\"}", "If-Match", created.header("ETag"));
        calls.ask(412, api, "patchWebhookEndpoint", one, "{\"state\":\"active\"}", "If-Match", created.header("ETag"));
        calls.ask(400, api, "patchWebhookEndpoint", one, "{\"id\":\"" + NO_ENDPOINT + "\"}");
        calls.ask(200, api, "postWebhookSecret", one + "/rotate-secret", null);
        calls.ask(200, api, "getWebhookDeliveries", one + "/deliveries?state=dead&limit=1", null);
        calls.ask(400, api, "postWebhookReplay", one + "/replay", "{\"to\":\"2026-01-31\"}");
        for (int i = 0; i < WebhookRegistry.MAX_REPLAYS; i++) {
            calls.ask(202, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        }
        calls.ask(409, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        calls.ask(200, api, "getWebhookEndpoint", one, null);
        calls.ask(200, api, "postWebhookTest", one + "/test", null);
        calls.ask(412, api, "deleteWebhookEndpoint", one, null, "If-Match", "\"1\"");
        calls.ask(204, api, "deleteWebhookEndpoint", one, null);
        calls.ask(404, api, "getWebhookEndpoint", one, null);
        calls.ask(404, api, "patchWebhookEndpoint", one, "{}");
        calls.ask(404, api, "deleteWebhookEndpoint", one, null);
        calls.ask(404, api, "postWebhookSecret", one + "/rotate-secret", null);
        calls.ask(404, api, "getWebhookDeliveries", one + "/deliveries", null);
        calls.ask(404, api, "postWebhookReplay", one + "/replay", "{\"from\":\"2020-01-01\"}");
        calls.ask(404, api, "postWebhookTest", one + "/test", null);
        while (api.send("POST", ENDPOINTS, settings).statusCode() == 201) {
            continue;
        }
        calls.ask(409, api, "postWebhookEndpoint", ENDPOINTS, settings);
        json(calls.ask(200, api, "getWebhookEndpoints", ENDPOINTS, null).body())
                .path("items")
                .forEach(endpoint ->
                        api.send("DELETE", ENDPOINTS + "/" + endpoint.path("id").asText(), null));
    }

    /** What a commit without an answer comes to; how that comes about is for another test. */
    void changeUnknown() {
        Javalin far = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.host = "127.0.0.1";
                    config.jetty.port = 0;
                    config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
                    config.routes.delete(
                            ENDPOINTS + "/{id}",
                            ctx -> Answers.json(ctx, WebhookAnswers.value(new UpdateResult.Unknown<Endpoint>())));
                    config.routes.exception(
                            RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
                })
                .start();
        try {
            calls.ask(503, new Api(far.port()), "deleteWebhookEndpoint", ENDPOINTS + "/" + NO_ENDPOINT, null);
        } finally {
            far.stop();
        }
    }
}

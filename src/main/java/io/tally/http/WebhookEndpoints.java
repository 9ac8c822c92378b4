package io.tally.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tally.gateway.webhook.EndpointPatch;
import io.tally.gateway.webhook.UpdateResult;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry.Created;
import io.tally.wire.webhook.Endpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that register, show, change and delete webhook endpoints. A secret is shown when it is made and never again: who
 * may read endpoints need not be who verifies deliveries.
 */
final class WebhookEndpoints {
    static final String MERGE_PATCH = "application/merge-patch+json";

    private final WebhookGateway gateway;
    private final Executor executor;

    /**
     * Makes the calls.
     *
     * @param executor writes the answers
     */
    WebhookEndpoints(WebhookGateway gateway, Executor executor) {
        this.gateway = gateway;
        this.executor = executor;
    }

    private record Body(@JsonProperty List<EndpointBody> items) {}

    void addTo(JavalinConfig config) {
        String one = WebhookAnswers.PATH + "/{id}";
        config.routes.get(WebhookAnswers.PATH, this::list, Scope.ADMIN);
        config.routes.post(WebhookAnswers.PATH, this::create, Scope.ADMIN);
        config.routes.get(one, this::show, Scope.ADMIN);
        config.routes.patch(one, this::change, Scope.ADMIN);
        config.routes.delete(one, this::delete, Scope.ADMIN);
        config.routes.post(one + "/rotate-secret", this::rotateSecret, Scope.ADMIN);
    }

    private void list(Context ctx) {
        List<Endpoint> endpoints = WebhookAnswers.value(gateway.endpoints());
        Answers.json(ctx, new Body(endpoints.stream().map(EndpointBody::of).toList()));
    }

    private void show(Context ctx) {
        write(ctx, WebhookAnswers.value(gateway.endpoint(WebhookAnswers.id(ctx))));
    }

    private void create(Context ctx) {
        String key = IdempotencyKey.of(ctx);
        Parameters.requireOneOf(ctx, Parameters.JSON);
        EndpointForm.Creation creation = EndpointForm.creation(ctx, gateway::refusal);
        answer(ctx, gateway.create(creation.settings(), creation.start(), key), WebhookEndpoints::writeCreated);
    }

    private static void writeCreated(Context ctx, Created created) {
        Endpoint endpoint = created.endpoint();
        if (created.replayed()) {
            write(ctx.header(OutcomeAnswers.REPLAYED, "true"), endpoint);
            return;
        }
        ctx.status(201).header("Location", WebhookAnswers.PATH + "/" + endpoint.id());
        EntityTag.write(ctx, endpoint.version());
        Answers.json(ctx, EndpointBody.withSecret(endpoint));
    }

    private void change(Context ctx) {
        String id = WebhookAnswers.id(ctx);
        Long version = EntityTag.expected(ctx);
        Parameters.requireOneOf(ctx, Parameters.JSON, MERGE_PATCH);
        EndpointPatch patch = EndpointForm.patch(ctx, gateway::refusal);
        answer(ctx, gateway.change(id, version, patch), WebhookEndpoints::write);
    }

    private void delete(Context ctx) {
        String id = WebhookAnswers.id(ctx);
        @Nullable Long version = EntityTag.expected(ctx);
        answer(ctx, gateway.delete(id, version), (answered, endpoint) -> answered.status(204));
    }

    private void rotateSecret(Context ctx) {
        answer(ctx, gateway.rotateSecret(WebhookAnswers.id(ctx)), (answered, endpoint) -> {
            EntityTag.write(answered, endpoint.version());
            Answers.json(answered, EndpointBody.withSecret(endpoint));
        });
    }

    private static void write(Context ctx, Endpoint endpoint) {
        EntityTag.write(ctx, endpoint.version());
        Answers.json(ctx, EndpointBody.of(endpoint));
    }

    private <T> void answer(Context ctx, CompletableFuture<UpdateResult<T>> change, BiConsumer<Context, T> answer) {
        ctx.future(() -> change.thenAcceptAsync(result -> answer.accept(ctx, WebhookAnswers.value(result)), executor));
    }
}

package io.tally.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tally.gateway.webhook.DeliveryPage;
import io.tally.gateway.webhook.DeliveryQuery;
import io.tally.gateway.webhook.ReplayRequest;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Delivery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The calls about what a webhook endpoint was told, and is to be told again. */
final class WebhookDeliveries {
    private static final Map<String, Boolean> STATES = Map.of("pending", false, "dead", true);

    private final WebhookGateway gateway;
    private final Executor executor;

    /**
     * Makes the calls.
     *
     * @param executor writes the answers
     */
    WebhookDeliveries(WebhookGateway gateway, Executor executor) {
        this.gateway = gateway;
        this.executor = executor;
    }

    private record Body(
            @JsonProperty List<Item> items,
            @JsonProperty("next_cursor") @Nullable String nextCursor) {}

    private record Item(
            @JsonProperty String id,
            @JsonProperty @Nullable String replay,
            @JsonProperty int partition,
            @JsonProperty long offset,
            @JsonProperty("event_id") String eventId,
            @JsonProperty("event_type") String eventType,
            @JsonProperty("user_id") String userId,
            @JsonProperty("recorded_at") String recordedAt,
            @JsonProperty("next_attempt_at") @Nullable String nextAttemptAt,
            @JsonProperty List<AttemptBody> attempts) {}

    void addTo(JavalinConfig config) {
        String one = WebhookAnswers.PATH + "/{id}";
        config.routes.get(one + "/deliveries", this::list, Scope.ADMIN);
        config.routes.post(one + "/replay", this::replay, Scope.ADMIN);
        config.routes.post(one + "/test", this::test, Scope.ADMIN);
    }

    private void list(Context ctx) {
        DeliveryQuery query = query(ctx);
        ctx.future(() -> gateway.deliveries(query)
                .thenAcceptAsync(reply -> Answers.json(ctx, body(query, WebhookAnswers.value(reply))), executor));
    }

    private static DeliveryQuery query(Context ctx) {
        String id = WebhookAnswers.id(ctx);
        Boolean dead = Parameters.choice(ctx, "state", STATES);
        int limit = Parameters.limit(ctx, DeliveryQuery.MAX_LIMIT);
        DeliveryCursor cursor = Parameters.cursor(
                ctx,
                DeliveryCursor::parse,
                given -> given.endpoint().equals(id) && (dead == null || dead == given.dead()),
                Parameters.CURSOR + ", with the same endpoint and state");
        return cursor == null
                ? DeliveryQuery.first(id, dead != null && dead, limit)
                : new DeliveryQuery(id, cursor.dead(), cursor.next(), limit);
    }

    private static Body body(DeliveryQuery query, DeliveryPage page) {
        return new Body(
                page.items().stream().map(WebhookDeliveries::item).toList(),
                page.rest() == null ? null : new DeliveryCursor(query.endpoint(), query.dead(), page.rest()).toText());
    }

    private static Item item(DeliveryPage.Item item) {
        Delivery delivery = item.delivery();
        return new Item(
                delivery.id(),
                item.replay(),
                delivery.partition(),
                delivery.offset(),
                delivery.eventId(),
                delivery.eventType().text(),
                delivery.userId(),
                TimestampText.format(delivery.recordedAt()),
                delivery.nextAttemptAt() == null ? null : TimestampText.format(delivery.nextAttemptAt()),
                delivery.attempts().stream().map(AttemptBody::of).toList());
    }

    private void replay(Context ctx) {
        String id = WebhookAnswers.id(ctx);
        Parameters.requireOneOf(ctx, Parameters.JSON);
        ReplayRequest request = ReplayForm.parse(ctx);
        ctx.future(() -> gateway.replay(id, request)
                .thenAcceptAsync(
                        changed -> Answers.json(
                                ctx.status(202), EndpointBody.ReplayBody.of(WebhookAnswers.value(changed))),
                        executor));
    }

    private void test(Context ctx) {
        String id = WebhookAnswers.id(ctx);
        ctx.future(() -> gateway.test(id)
                .thenAcceptAsync(reply -> Answers.json(ctx, AttemptBody.of(WebhookAnswers.value(reply))), executor));
    }
}

package io.tally.webhook;

import io.tally.gateway.webhook.EndpointTester;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Sends an event of no outcome, so that a service can try its endpoint out. Thread-safe. */
public final class TestEvents implements EndpointTester {
    /** The type in the body, which no outcome has. */
    public static final String TYPE = "webhook.test";

    private final WebhookSender sender;

    public TestEvents(WebhookSender sender) {
        this.sender = sender;
    }

    @Override
    public CompletableFuture<Attempt> test(Endpoint endpoint) {
        String body = "{\"type\":\"" + TYPE + "\",\"timestamp\":\"" + TimestampText.format(System.currentTimeMillis())
                + "\",\"data\":{\"message\":\"A test: nothing has happened\"}}";
        WebhookMessage message =
                new WebhookMessage(UUID.randomUUID().toString(), body.getBytes(StandardCharsets.UTF_8));
        CompletableFuture<Attempt> attempt = new CompletableFuture<>();
        sender.send(endpoint, message, result -> attempt.complete(result.attempt()));
        return attempt;
    }
}

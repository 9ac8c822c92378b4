package io.tally.gateway.webhook;

import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import java.util.concurrent.CompletableFuture;

/** Sends test events. */
@FunctionalInterface
public interface EndpointTester {
    /** Sends one to an endpoint, once, whatever its state. Must not wait. */
    CompletableFuture<Attempt> test(Endpoint endpoint);
}

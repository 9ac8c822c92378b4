package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends in tests. */
final class Sending {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String BODY = "{\"type\":\"transaction.accepted\",\"data\":{\"uid\":\"é\"}}";

    /** Everything of this machine, by plain HTTP. */
    static final TargetGuard LOOPBACK = new TargetGuard(true, List.of(Network.parse("127.0.0.0/8")));

    private Sending() {}

    static Endpoint endpoint(String url) {
        return endpoint("we_0000000000000001", url);
    }

    static Endpoint endpoint(String id, String url) {
        return new Endpoint(
                id,
                URI.create(url),
                "",
                Set.of(EventType.TRANSACTION_ACCEPTED),
                Set.of(),
                EndpointState.ACTIVE,
                null,
                List.of(new SigningSecret(SECRET, null)),
                List.of(0L),
                List.of(),
                1,
                0,
                0);
    }

    static WebhookMessage message() {
        return new WebhookMessage("3-141", BODY.getBytes(StandardCharsets.UTF_8));
    }

    static CompletableFuture<AttemptResult> begin(WebhookSender sender, Endpoint endpoint) {
        CompletableFuture<AttemptResult> result = new CompletableFuture<>();
        sender.send(endpoint, message(), given -> {
            if (!result.complete(given)) {
                throw new AssertionError("Told twice");
            }
        });
        return result;
    }

    static AttemptResult send(WebhookSender sender, String url) throws Exception {
        return begin(sender, endpoint(url)).get(20, TimeUnit.SECONDS);
    }
}

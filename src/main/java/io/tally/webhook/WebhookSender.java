package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import java.net.InetAddress;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs messages and sends each once, as Standard Webhooks 1.0.0 says. Nothing blocks, and whatever an endpoint or the network
 * does, it costs no more than the time-out, 4 KiB of the answer, and connections of the same endpoint. Thread-safe.
 */
public final class WebhookSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);
    private static final String JSON = "application/json";

    /** After its time-out. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(10);

    private final TargetGuard guard;
    private final Duration timeout;
    private final FailureText failures;
    private final HttpClient client;

    /**
     * Starts.
     *
     * @param timeout for all of a request: finding the host, connecting, sending, and the answer
     */
    public WebhookSender(TargetGuard guard, Duration timeout) {
        this(guard, timeout, InetAddress::getAllByName, null);
    }

    /** @param trusted whose certificates are trusted; null for those that the Java machine trusts */
    WebhookSender(TargetGuard guard, Duration timeout, NameLookups.Names names, @Nullable KeyStore trusted) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("Expected a time-out of 1 ms or more, but got " + timeout);
        }
        this.guard = guard;
        this.timeout = timeout;
        this.failures = new FailureText(OutboundClient.CONNECT_TIMEOUT, timeout);
        this.client = OutboundClient.start(guard, names, timeout, trusted);
    }

    /**
     * Signs and sends once.
     *
     * @param done called exactly once, on a thread of the client, never on the one that sends; must not block, since there are
     *     few of them
     */
    void send(Endpoint endpoint, WebhookMessage message, Consumer<AttemptResult> done) {
        Exchange exchange = new Exchange(failures);
        exchange.done(done, client.getExecutor(), timeout.plus(LOST_AFTER));
        try {
            exchange.send(request(endpoint, message, TimeUnit.MILLISECONDS.toSeconds(exchange.at())));
        } catch (UnsentException | RuntimeException e) {
            exchange.fail(e);
        } finally {
            exchange.leave();
        }
    }

    private Request request(Endpoint endpoint, WebhookMessage message, long seconds) throws UnsentException {
        String refusal = guard.refusal(endpoint.url());
        if (refusal != null) {
            throw new UnsentException(refusal);
        }
        String signature = Signature.of(message, seconds, endpoint.secrets());
        return client.newRequest(endpoint.url())
                .method(HttpMethod.POST)
                // Endpoints on the same host have connections of their own.
                .tag(endpoint.id())
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .headers(headers -> headers.put("webhook-id", message.id())
                        .put("webhook-timestamp", seconds)
                        .put("webhook-signature", signature))
                .body(new BytesRequestContent(JSON, message.body()));
    }

    /** What is under way fails. */
    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            log.warn("The HTTP client did not stop in order", e);
        }
    }
}

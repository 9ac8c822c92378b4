package io.tally.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Asks the server something before any client can. Javalin 7.2.3 makes part of what it needs when the first request comes,
 * without a lock: of two that come first at the same time, one would be answered with 500.
 */
final class FirstRequest implements LifeCycle.Listener {
    private static final String REQUEST = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Server server;

    FirstRequest(Server server) {
        this.server = server;
    }

    /** The handlers run by now, and connections are not taken yet. */
    @Override
    public void lifeCycleStarting(LifeCycle connector) {
        LocalConnector local = new LocalConnector(server);
        String answer;
        try {
            local.start();
            answer = local.getResponse(REQUEST, false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Expected an answer to the first request, but it failed", e);
        } finally {
            LifeCycle.stop(local);
        }
        if (answer == null) {
            throw new IllegalStateException(
                    "Expected an answer to the first request within " + PATIENCE + ", but there was none");
        }
    }
}

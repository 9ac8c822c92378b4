package io.tally.http;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose client begins a request, or the handshake before it, and does not come to the end of its head. Looks
 * at all connections each second: bytes that come while no request is being handled belong to a new head.
 */
final class SlowHeads {
    private static final String HANDLING = SlowHeads.class.getName();
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /**
     * What was seen of a connection.
     *
     * @param messages heads that were complete
     * @param bytes that had come when this head was first expected
     * @param since nanoseconds, when more had come first; 0 while nothing has
     */
    private record Seen(long messages, long bytes, long since) {}

    private final ServerConnector connector;
    private final Patience patience;
    private Map<EndPoint, Seen> seen = new IdentityHashMap<>();

    SlowHeads(ServerConnector connector, Patience patience) {
        this.connector = connector;
        this.patience = patience;
    }

    /** Looks at the connections as long as the server runs. */
    RepeatingTask watch() {
        return new RepeatingTask(connector.getScheduler(), PAUSE, this::closeSlow);
    }

    private void closeSlow() {
        long now = System.nanoTime();
        Map<EndPoint, Seen> stillThere = new IdentityHashMap<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Seen state = look(endPoint.getConnection(), seen.get(endPoint), now);
            if (state != null
                    && state.since() != 0
                    && now - state.since() > patience.head().toNanos()) {
                endPoint.close();
            } else if (state != null) {
                stillThere.put(endPoint, state);
            }
        }
        seen = stillThere;
    }

    /** Tells that the connection's client is not expected to send a head before this request is answered. */
    static void handling(Request request) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        connection.setAttribute(HANDLING, Boolean.TRUE);
        Request.addCompletionListener(request, failure -> connection.removeAttribute(HANDLING));
    }

    private static boolean isHandling(Connection connection) {
        return connection instanceof ConnectionMetaData data && data.getAttribute(HANDLING) != null;
    }

    /** What there is to remember; null while a request is being handled. */
    private static @Nullable Seen look(@Nullable Connection connection, @Nullable Seen before, long now) {
        Connection http =
                connection instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : connection;
        if (connection == null || http == null || isHandling(http)) {
            return null;
        }
        long bytes = connection.getBytesIn();
        long messages = http.getMessagesIn();
        if (before == null || before.messages() != messages) {
            // The first head begins with the connection.
            boolean begun = messages == 0 && bytes > 0;
            return new Seen(messages, bytes, begun ? now : 0);
        }
        return before.since() == 0 && bytes > before.bytes() ? new Seen(messages, before.bytes(), now) : before;
    }
}

package io.tally.http;

import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the web server up against clients that are slow, greedy or hostile, and gives its own refusals the form of ours. */
final class Edge {
    private static final Logger log = LoggerFactory.getLogger(Edge.class);

    /**
     * How long a server that stops waits for the answers of requests under way: longer than any of them waits for its body or
     * for the answer of another instance. Connections that are left then, of clients that read slowly, are closed.
     */
    static final Duration LAST_ANSWERS = Duration.ofSeconds(12);

    /** How long clients that keep connections have to hear that they shall not, each with its next answer. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(10);

    private static final int ACCEPTORS = 1;

    /** Who watches connections also answers look-ups, so that there is one for each processor. */
    private static final int SELECTORS = Runtime.getRuntime().availableProcessors();

    private final ListenAddress address;
    private final Patience patience;
    private final JettyProblems problems = new JettyProblems();
    private final WaitingBytes waiting = new WaitingBytes(EdgeLimits.WAITING_BYTES);
    private final EdgeHandler handler;
    private @Nullable ServerConnector connector;

    Edge(ListenAddress address, Patience patience) {
        this.address = address;
        this.patience = patience;
        this.handler = new EdgeHandler(waiting, patience);
    }

    /** What slow clients keep on the heap now. */
    long waitingBytes() {
        return waiting.count();
    }

    /**
     * Takes no more, answers what is under way, and lets go of the connections as far as their clients do. Jetty's own way of
     * stopping in order shortens the time after which a silent connection is closed, also under an answer that is just being
     * written.
     *
     * @return whether everything was answered
     */
    boolean settle() {
        if (connector == null) {
            return true;
        }
        // It would tell when all connections are closed.
        var unused = connector.shutdown();
        handler.refuse();
        boolean answered = await(LAST_ANSWERS, () -> handler.underWay() == 0);
        ServerConnector open = connector;
        await(GOODBYE, () -> open.getConnectedEndPoints().isEmpty());
        return answered;
    }

    private static boolean await(Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    void configure(JavalinConfig config) {
        // The handler before it knows the limit of each path.
        config.http.maxRequestSize = EdgeLimits.BULK_BODY_BYTES;
        config.http.compressionStrategy = compression();
        config.router.javaLangErrorHandler(Edge::confess);
        config.jetty.modifyServer(this::configure);
        config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(problems));
        config.jetty.addConnector(this::connector);
    }

    /** Javalin's own, which need not look through all that is not to be compressed when an answer is JSON. */
    private static CompressionStrategy compression() {
        CompressionStrategy strategy = new CompressionStrategy(null, new Gzip());
        strategy.setAllowedMimeTypes(List.of(Parameters.JSON));
        return strategy;
    }

    /** Exceptions have a handler; this is for what is worse, of which Javalin would say nothing to the client. */
    private static void confess(HttpServletResponse response, Error error) {
        log.error("A request failed", error);
        Problem problem = JettyProblems.internalError();
        response.setStatus(problem.status());
        response.setContentType(Answers.PROBLEM_JSON);
        try {
            response.getOutputStream().write(Answers.json(problem));
        } catch (IOException e) {
            log.debug("Nobody was there to be told", e);
        }
    }

    private void configure(Server server) {
        server.setErrorHandler(problems);
        server.insertHandler(handler);
    }

    private Connector connector(Server server, HttpConfiguration http) {
        http.setRequestHeaderSize(EdgeLimits.HEAD_BYTES);
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setSendServerVersion(false);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        Tls tls = address.tls();
        ServerConnector connector = tls == null
                ? new ServerConnector(server, ACCEPTORS, SELECTORS, plain)
                : new ServerConnector(
                        server,
                        ACCEPTORS,
                        SELECTORS,
                        new SslConnectionFactory(tls.contexts(), plain.getProtocol()),
                        plain);
        if (tls != null) {
            // Clients may know the server by an address or another name; it is theirs to check the certificate.
            http.addCustomizer(new SecureRequestCustomizer(false));
            connector.addBean(tls.watch(connector.getScheduler()));
        }
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setAcceptQueueSize(EdgeLimits.NEW_CONNECTIONS);
        connector.setIdleTimeout(patience.silence().toMillis());
        connector.setShutdownIdleTimeout(-1);
        connector.addBean(new SlowHeads(connector, patience).watch());
        connector.addEventListener(new FirstRequest(server));
        server.addBean(new NetworkConnectionLimit(EdgeLimits.CONNECTIONS, connector));
        this.connector = connector;
        return connector;
    }
}

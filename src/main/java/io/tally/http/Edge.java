package io.tally.http;

import io.javalin.config.JavalinConfig;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the web server up against clients that are slow, greedy or hostile, and gives its own refusals the form of ours. */
final class Edge {
    private static final Logger log = LoggerFactory.getLogger(Edge.class);

    /**
     * How long a server that stops waits for the answers of requests under way: longer than any of them waits for something
     * itself, be it its body or the answer of another instance. Who is left then is told that Tally has a bug.
     */
    static final Duration LAST_ANSWERS = Duration.ofSeconds(12);

    private static final int ACCEPTORS = 1;

    /** Who watches connections also answers look-ups, so that there is one for each processor. */
    private static final int SELECTORS = Runtime.getRuntime().availableProcessors();

    private final ListenAddress address;
    private final Patience patience;
    private final JettyProblems problems = new JettyProblems();
    private final WaitingBytes waiting = new WaitingBytes(EdgeLimits.WAITING_BYTES);

    Edge(ListenAddress address, Patience patience) {
        this.address = address;
        this.patience = patience;
    }

    /** What slow clients keep on the heap now. */
    long waitingBytes() {
        return waiting.count();
    }

    void configure(JavalinConfig config) {
        // The handler before it knows the limit of each path.
        config.http.maxRequestSize = EdgeLimits.BULK_BODY_BYTES;
        config.router.javaLangErrorHandler(Edge::confess);
        config.jetty.modifyServer(this::configure);
        config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(problems));
        config.jetty.addConnector(this::connector);
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
        server.insertHandler(new EdgeHandler(waiting, patience));
        server.insertHandler(new GracefulHandler());
        server.setStopTimeout(LAST_ANSWERS.toMillis());
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
        connector.setIdleTimeout(patience.silence().toMillis());
        connector.addBean(new SlowHeads(connector, patience));
        connector.addEventListener(new FirstRequest(server));
        server.addBean(new NetworkConnectionLimit(EdgeLimits.CONNECTIONS, connector));
        return connector;
    }
}

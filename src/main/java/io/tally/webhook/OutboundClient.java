package io.tally.webhook;

import java.security.KeyStore;
import java.time.Duration;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/** Sets Jetty's client up for servers that nobody vouches for: HTTP/1.1 and TLS, without anything that a server could ask for. */
final class OutboundClient {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * How long a connection is kept while nothing is sent, and how long one is used at all: then the name is asked for and its
     * addresses are checked again.
     */
    private static final Duration CONNECTION_LIFE = Duration.ofSeconds(30);

    /** To one endpoint: as many as TALLY_WEBHOOK_CONCURRENCY can ask for, so that a request's time is never spent in a queue here. */
    private static final int CONNECTIONS = 256;

    /** Requests to one endpoint that wait for a connection. */
    private static final int WAITING = 1_024;

    /** Bytes of an answer's status line and fields together. */
    private static final int ANSWER_HEAD = 8 * 1024;

    /** Answers of 100 to 199 before the one that counts. */
    private static final int INTERIM_ANSWERS = 16;

    private static final int BUFFER = 4 * 1024;

    /** One watches the connections, the others read answers: a server that floods its own keeps one of them. */
    private static final int THREADS = 6;

    private static final String NAME = "webhook";
    private static final HttpField USER_AGENT = new HttpField(HttpHeader.USER_AGENT, "Tally-Webhooks/1");

    private OutboundClient() {}

    /**
     * Starts one.
     *
     * @param timeout the longest time that a request may take
     * @param trusted whose certificates are trusted; null for those that the Java machine trusts
     */
    static HttpClient start(TargetGuard guard, NameLookups.Names names, Duration timeout, @Nullable KeyStore trusted) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName(NAME);
        threads.setDaemon(true);
        HttpClient client = new HttpClient(transport());
        client.setName(NAME);
        client.setExecutor(threads);
        client.setScheduler(new ScheduledExecutorScheduler(NAME + "-timer", true));
        client.setSocketAddressResolver(new NameLookups(guard, names, CONNECT_TIMEOUT, threads));
        client.setSslContextFactory(tls(trusted));
        client.setUserAgentField(USER_AGENT);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setFollowRedirects(false);
        client.setConnectTimeout(CONNECT_TIMEOUT.toMillis());
        client.setIdleTimeout(Math.max(CONNECTION_LIFE.toMillis(), timeout.toMillis()));
        // An endpoint that was deleted leaves nothing behind.
        client.setDestinationIdleTimeout(2 * CONNECTION_LIFE.toMillis());
        client.setMaxConnectionsPerDestination(CONNECTIONS);
        client.setMaxRequestsQueuedPerDestination(WAITING);
        client.setMaxResponseHeadersSize(ANSWER_HEAD);
        client.setRequestBufferSize(BUFFER);
        client.setResponseBufferSize(BUFFER);
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("Expected an HTTP client, but it does not start", e);
        }
        // The start puts these in. They would follow redirects, authenticate, and unpack a small answer
        // into a large one.
        client.getProtocolHandlers().clear();
        client.getProtocolHandlers().put(new InterimAnswers());
        client.getContentDecoderFactories().clear();
        return client;
    }

    private static HttpClientTransportOverHTTP transport() {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
        transport.setConnectionPoolFactory(OutboundClient::connections);
        return transport;
    }

    private static ConnectionPool connections(Destination destination) {
        DuplexConnectionPool pool = new DuplexConnectionPool(destination, CONNECTIONS);
        pool.setMaxDuration(CONNECTION_LIFE.toMillis());
        return pool;
    }

    private static SslContextFactory.Client tls(@Nullable KeyStore trusted) {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setTrustStore(trusted);
        return tls;
    }

    /**
     * Passes over the answers that another one follows, as far as there are few. Jetty's handlers pass over one of 100; after a
     * second one the request ends neither with its answer nor at its time-out.
     */
    private static final class InterimAnswers extends EarlyHintsProtocolHandler {
        private static final String COUNT = InterimAnswers.class.getName();

        @Override
        public boolean accept(Request request, Response response) {
            return HttpStatus.isInterim(response.getStatus());
        }

        @Override
        protected void onEarlyHints(Request request, HttpFields fields) {
            int count = request.getAttributes().get(COUNT) instanceof Integer before ? before + 1 : 1;
            request.attribute(COUNT, count);
            if (count > INTERIM_ANSWERS) {
                var unused = request.abort(
                        new HttpException.RuntimeException(HttpStatus.BAD_GATEWAY_502, "Too many interim answers"));
            }
        }
    }
}

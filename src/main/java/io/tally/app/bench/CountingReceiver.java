package io.tally.app.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A healthy receiver of webhooks on this machine. It takes every delivery at once and checks no signature: it shares the
 * processors with what is measured. Thread-safe.
 */
final class CountingReceiver implements AutoCloseable {
    private static final String UID = "\"uid\":\"";
    private static final int UID_LENGTH = 36;
    private static final int NO_CONTENT = 204;

    private final Server server;
    private final ServerConnector connector;
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final AtomicLong repeats = new AtomicLong();
    private volatile CountDownLatch missing = new CountDownLatch(0);

    private CountingReceiver() {
        server = new Server(new QueuedThreadPool(16, 2));
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                String body = Content.Source.asString(request);
                received(String.valueOf(request.getHeaders().get("webhook-id")), body);
                response.setStatus(NO_CONTENT);
                callback.succeeded();
                return true;
            }
        });
    }

    /** Listens at a free port. */
    static CountingReceiver start() throws IOException {
        CountingReceiver receiver = new CountingReceiver();
        try {
            receiver.server.start();
        } catch (Exception e) {
            throw new IOException("Expected a receiver of webhooks, but it does not start", e);
        }
        return receiver;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/");
    }

    /** Waits for the outcomes of these uids, and for no others any more. */
    void expect(Collection<String> uids) {
        expected.clear();
        expected.addAll(uids);
        missing = new CountDownLatch(expected.size());
    }

    /**
     * Counts a delivery. Outcomes of others, at a service that others use, are not expected.
     *
     * @param id its {@code webhook-id}
     */
    private void received(String id, String body) {
        if (!ids.add(id)) {
            repeats.incrementAndGet();
        }
        int uid = body.indexOf(UID) + UID.length();
        if (uid >= UID.length()
                && uid + UID_LENGTH <= body.length()
                && expected.remove(body.substring(uid, uid + UID_LENGTH))) {
            missing.countDown();
        }
    }

    /** Waits until everything expected was received, or for the time given. */
    void await(Duration patience) throws InterruptedException {
        var unused = missing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The uids whose outcomes were expected and not received. */
    Set<String> missing() {
        return Set.copyOf(expected);
    }

    /** How many deliveries had the id of an earlier one. */
    long repeats() {
        return repeats.get();
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("Expected the receiver of webhooks to stop, but it does not", e);
        }
    }
}

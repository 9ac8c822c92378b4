package io.tally.app.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes deliveries over HTTP, at any path, and answers them by their result. */
public final class ListenServer implements AutoCloseable {
    /** The largest body that is taken, in bytes. An outcome has hundreds. */
    static final int MAX_BODY = 256 << 10;

    private static final int THREADS = 16;
    private static final int LAST_ANSWERS_S = 1;

    static {
        // The JDK's server knows these as system properties only, which it reads once. Without the first two,
        // whoever sends a byte at a time keeps a thread for ever; without the last, each answer waits for the
        // client's delayed ACK.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        System.setProperty("jdk.httpserver.maxConnections", "1000");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "tally-webhook-listen");
        thread.setDaemon(true);
        return thread;
    });
    private final String host;

    private ListenServer(HttpServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Takes the port. Connections are accepted from then on, but nothing is answered before {@link #start}.
     *
     * @param port 0 takes a free one
     * @throws IOException if it cannot be listened on
     */
    public static ListenServer bind(String host, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("no address of this name");
        }
        return new ListenServer(HttpServer.create(address, 0), host);
    }

    /** Where deliveries can be sent to, from this machine. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        String name = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + address.getPort() + "/");
    }

    /**
     * Answers from now on.
     *
     * @param status of the answer to what was taken, 200 to 599
     */
    public void start(Receiver receiver, int status) {
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(answer(exchange, receiver, status), -1);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    private static int answer(HttpExchange exchange, Receiver receiver, int status) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            return 413;
        }
        CheckResult result = receiver.receive(new Received(
                Instant.now(),
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                body));
        return switch (result) {
            case RIGHT, REPEAT, OUT_OF_ORDER -> status;
            case WRONG_SIGNATURE, WRONG_TIMESTAMP -> 401;
            case UNREADABLE -> 400;
        };
    }

    /** Lets answers under way go out, and stops. */
    @Override
    public void close() {
        server.stop(LAST_ANSWERS_S);
        threads.shutdownNow();
    }
}

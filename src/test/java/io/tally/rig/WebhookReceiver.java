package io.tally.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A service that is told of outcomes over HTTP, and checks each with the public library. Thread-safe. */
public final class WebhookReceiver implements AutoCloseable {
    /**
     * A delivery that was taken.
     *
     * @param id the {@code webhook-id}
     * @param place where the command stands in its partition of the input: the order of a user's outcomes
     */
    public record Taken(String id, String userId, long place) {}

    private final ObjectMapper json = new ObjectMapper();
    private final IntUnaryOperator status;
    private final int port = TallyProcess.freePort();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Long> requestTimes = new ArrayList<>();
    private final List<Webhook> secrets = new CopyOnWriteArrayList<>();
    private final List<Taken> taken = new ArrayList<>();
    private final Map<String, String> strange = new ConcurrentHashMap<>();
    private volatile @Nullable String retryAfter;
    private @Nullable Server server;

    private WebhookReceiver(IntUnaryOperator status) {
        this.status = status;
    }

    /**
     * Starts.
     *
     * @param status what it answers to the n-th request, counted from 1
     */
    public static WebhookReceiver start(IntUnaryOperator status) {
        WebhookReceiver receiver = new WebhookReceiver(status);
        receiver.up();
        return receiver;
    }

    /** Listens again. */
    public void up() {
        Server next = new Server(new QueuedThreadPool(16, 2));
        ServerConnector connector = new ServerConnector(next, 1, 1, new HttpConnectionFactory());
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        next.addConnector(connector);
        next.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                int answer = answer(request, Content.Source.asString(request));
                response.setStatus(answer);
                if (answer == 429) {
                    response.getHeaders().put("Retry-After", retryAfter);
                }
                callback.succeeded();
                return true;
            }
        });
        try {
            next.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        server = next;
    }

    /** Is not there any more: connections are refused. */
    public void down() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/hook");
    }

    /** Checks signatures by this secret, too. */
    public void trust(String secret) {
        try {
            secrets.add(new Webhook(secret));
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What it asks for where it answers 429. */
    public void retryAfter(String value) {
        retryAfter = value;
    }

    private int answer(Request request, String body) throws Exception {
        synchronized (requestTimes) {
            requestTimes.add(System.nanoTime());
        }
        int answer = status.applyAsInt(requests.incrementAndGet());
        Map<String, List<String>> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.put(field.getLowerCaseName(), List.of(field.getValue()));
        }
        String id = request.getHeaders().get("webhook-id");
        for (Webhook secret : secrets) {
            try {
                secret.verify(body, headers);
            } catch (Exception e) {
                strange.put(id, e.toString());
            }
        }
        if (answer < 300) {
            JsonNode data = json.readTree(body).get("data");
            synchronized (taken) {
                taken.add(new Taken(
                        id,
                        data.path("user_id").asText(),
                        data.path("source").path("offset").asLong()));
            }
        }
        return answer;
    }

    /** How many requests came, whatever they were answered. */
    public int requests() {
        return requests.get();
    }

    /** When each request came, by {@link System#nanoTime}, in order. */
    public List<Long> requestTimes() {
        synchronized (requestTimes) {
            return List.copyOf(requestTimes);
        }
    }

    /** What was taken, in this order; repeats too. */
    public List<Taken> taken() {
        synchronized (taken) {
            return List.copyOf(taken);
        }
    }

    /** How many outcomes were taken, not counting repeats. */
    public int outcomes() {
        Set<String> ids = new HashSet<>();
        synchronized (taken) {
            taken.forEach(one -> ids.add(one.id()));
        }
        return ids.size();
    }

    /** By id, deliveries that a trusted secret did not verify. */
    public Map<String, String> strange() {
        return Map.copyOf(strange);
    }

    /** What came to a user first after something later of the same user had come. */
    public List<Taken> outOfOrder() {
        Map<String, Long> latest = new HashMap<>();
        Set<String> ids = new HashSet<>();
        List<Taken> wrong = new ArrayList<>();
        for (Taken one : taken()) {
            if (ids.add(one.id()) && one.place() <= latest.getOrDefault(one.userId(), -1L)) {
                wrong.add(one);
            }
            latest.merge(one.userId(), one.place(), Math::max);
        }
        return wrong;
    }

    @Override
    public void close() {
        down();
    }
}

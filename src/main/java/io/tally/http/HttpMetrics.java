package io.tally.http;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/**
 * Counts and times requests, from their head to the last byte of the answer, however long that was waited for. Every label
 * has few values: clients choose none of them. Thread-safe.
 */
final class HttpMetrics implements RequestLog {
    /** A method that is none of these can be any word. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final String OTHER_METHOD = "OTHER";
    private static final String IN_FLIGHT = "io.tally.in-flight";

    /** A commit takes milliseconds, and nobody is made to wait longer than 5 s. */
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private record Labels(String method, String route, int status) {}

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** The registry's own look-up builds a name and tags each time. */
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("tally.http.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that are being answered")
                .register(registry);
    }

    /** A request has come. */
    void begin(Context ctx) {
        inFlight.incrementAndGet();
        ctx.attribute(IN_FLIGHT, true);
    }

    /** A request is over, answered or not. Jetty calls this once for each. */
    @Override
    public void log(Request request, Response response) {
        if (request.getAttribute(IN_FLIGHT) != null) {
            inFlight.decrementAndGet();
        }
        Labels labels = new Labels(method(request), RequestRoute.of(request), response.getStatus());
        timers.computeIfAbsent(labels, this::timer)
                .record(System.nanoTime() - request.getHeadersNanoTime(), TimeUnit.NANOSECONDS);
    }

    /** The method, or one word for all that are not usual. */
    static String method(Request request) {
        return METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER_METHOD;
    }

    private Timer timer(Labels labels) {
        return Timer.builder("tally.http.request")
                .description("HTTP requests, from their head to the end of the answer")
                .tag("method", labels.method())
                .tag("route", labels.route())
                .tag("status", Integer.toString(labels.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}

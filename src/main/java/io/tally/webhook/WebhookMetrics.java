package io.tally.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What this instance's deliveries look like from outside. Thread-safe.
 *
 * <p>Labels are endpoints, results and states; never users or uids. Each endpoint has some twenty series, and at most
 * {@link WebhookRegistry#MAX_ENDPOINTS} have them. They are there, at zero, from when an endpoint becomes known: an increase
 * from nothing would go unseen. What is told of an endpoint that is not known is dropped, since attempts can end after it was
 * deleted.
 */
public final class WebhookMetrics {
    /** An attempt takes at most 60 s. */
    private static final Duration[] ATTEMPT_BUCKETS = LongStream.of(
                    5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 15_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final String DELIVERIES = "tally.webhook.deliveries";
    private static final String ENDPOINT = "endpoint";

    private final MeterRegistry registry;
    private final Map<String, EndpointMeters> known = new ConcurrentHashMap<>();
    private final Map<EndpointState, AtomicInteger> states = new EnumMap<>(EndpointState.class);
    private @Nullable Gauge engine;
    private volatile boolean running;

    public WebhookMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (EndpointState state : EndpointState.values()) {
            AtomicInteger count = new AtomicInteger();
            states.put(state, count);
            Gauge.builder("tally.webhook.endpoints", count, AtomicInteger::get)
                    .description("Webhook endpoints by state; the same at all instances")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /** Takes note of the endpoints that there are now: new ones become known, and the others are forgotten. */
    public synchronized void endpoints(Collection<Endpoint> endpoints) {
        Map<String, Endpoint> byId = endpoints.stream().collect(Collectors.toMap(Endpoint::id, endpoint -> endpoint));
        List.copyOf(known.keySet()).stream().filter(id -> !byId.containsKey(id)).forEach(this::forget);
        states.forEach((state, count) -> count.set((int)
                endpoints.stream().filter(endpoint -> endpoint.state() == state).count()));
        for (Endpoint endpoint : endpoints) {
            if (known.size() < WebhookRegistry.MAX_ENDPOINTS || known.containsKey(endpoint.id())) {
                known.computeIfAbsent(endpoint.id(), EndpointMeters::new).active = endpoint.isActive();
            }
        }
        if (endpoints.isEmpty()) {
            hideEngine();
        } else {
            showEngine();
        }
    }

    /** The endpoints could not be read yet: there may be some, and nobody is told. */
    public synchronized void endpointsUnknown() {
        showEngine();
    }

    private void showEngine() {
        if (engine == null) {
            engine = Gauge.builder("tally.webhook.engine.running", this, metrics -> metrics.running ? 1 : 0)
                    .description(
                            "Whether this instance has its place among those that deliver webhooks, with partitions or as"
                                    + " a spare; not there when there are no endpoints")
                    .register(registry);
        }
    }

    /** Where nobody is to be told of anything, that nobody works is no failure. */
    private void hideEngine() {
        if (engine != null) {
            registry.remove(engine);
            engine = null;
        }
    }

    /**
     * Whether deliveries are worked on: the group has said which partitions are this instance's, be it none, and the brokers answer
     * and take what is written.
     */
    public void running(boolean running) {
        this.running = running;
    }

    /** An attempt that the endpoint has taken, and how long it took. */
    public void delivered(String endpointId, long nanos) {
        EndpointMeters meters = known.get(endpointId);
        if (meters != null) {
            meters.delivered.increment();
            meters.attempts.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** An attempt that has failed, and how long it took. */
    public void failed(String endpointId, long nanos) {
        EndpointMeters meters = known.get(endpointId);
        if (meters != null) {
            meters.failed.increment();
            meters.attempts.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A delivery that was given up. */
    public void dead(String endpointId) {
        EndpointMeters meters = known.get(endpointId);
        if (meters != null) {
            meters.dead.increment();
        }
    }

    /**
     * @param since when the oldest outcome that is open here was recorded, milliseconds since 1970 UTC; null when none is open. What
     *     is told again does not count: it is old by nature
     */
    public void oldestPending(String endpointId, @Nullable Long since) {
        EndpointMeters meters = known.get(endpointId);
        if (meters != null) {
            meters.pendingSince = since;
        }
    }

    /** Takes the meters of an endpoint away. */
    public synchronized void forget(String endpointId) {
        EndpointMeters meters = known.remove(endpointId);
        if (meters != null) {
            meters.all().forEach(registry::remove);
        }
    }

    /** Those of one endpoint. */
    private final class EndpointMeters {
        private final Counter delivered;
        private final Counter failed;
        private final Counter dead;
        private final Timer attempts;
        private final Gauge oldest;
        private volatile @Nullable Long pendingSince;
        private volatile boolean active;

        private EndpointMeters(String id) {
            delivered = counter(id, "delivered");
            failed = counter(id, "failed");
            dead = counter(id, "dead");
            attempts = Timer.builder("tally.webhook.attempt")
                    .description("How long attempts took, from their start to the answer or its absence")
                    .tag(ENDPOINT, id)
                    .serviceLevelObjectives(ATTEMPT_BUCKETS)
                    .register(registry);
            oldest = Gauge.builder("tally.webhook.oldest.pending", this, EndpointMeters::pendingSeconds)
                    .description(
                            "Age of the oldest open delivery of this instance to an active endpoint, replays left out; 0 when none is open")
                    .baseUnit("seconds")
                    .tag(ENDPOINT, id)
                    .register(registry);
        }

        private Counter counter(String id, String result) {
            return Counter.builder(DELIVERIES)
                    .description(
                            "Attempts that were taken or failed, and deliveries that were given up; of this instance")
                    .tag(ENDPOINT, id)
                    .tag("result", result)
                    .register(registry);
        }

        /** Read when it is asked for: it rises also when nobody works on deliveries. */
        private double pendingSeconds() {
            Long since = pendingSince;
            if (since == null || !active) {
                return 0;
            }
            return Math.max(0, registry.config().clock().wallTime() - since) / 1_000.0;
        }

        private List<Meter> all() {
            return List.of(delivered, failed, dead, attempts, oldest);
        }
    }
}

package io.tally.webhook;

import io.tally.gateway.StopSignal;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers outcomes to the endpoints that are registered, for the partitions that the group gives to this instance. Every outcome
 * reaches every active endpoint that wants it at least once, those of a user in their order; after a crash, a lost connection
 * or a move of partitions what was sent shortly before may be sent again. Never ends by itself: whatever fails, it begins anew
 * from the progress that is written. Thread-safe.
 */
public final class WebhookEngine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebhookEngine.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** More than what workers wait for last answers, and their clients for the end. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private final WebhookSettings settings;
    private final WebhookRegistry registry;
    private final WebhookSender sender;
    private final WebhookMetrics metrics;
    private final Semaphore handedOut = new Semaphore(0);
    private final Thread thread;
    private boolean down;
    private final StopSignal stop = new StopSignal();

    private WebhookEngine(
            WebhookSettings settings, WebhookRegistry registry, WebhookSender sender, WebhookMetrics metrics) {
        this.settings = settings;
        this.registry = registry;
        this.sender = sender;
        this.metrics = metrics;
        this.thread = new Thread(this::run, "tally-webhooks");
        thread.setDaemon(true);
    }

    /** Starts and returns at once. Takes part in the group from the first endpoint on. */
    public static WebhookEngine start(
            WebhookSettings settings, WebhookRegistry registry, WebhookSender sender, WebhookMetrics metrics) {
        WebhookEngine engine = new WebhookEngine(settings, registry, sender, metrics);
        engine.thread.start();
        return engine;
    }

    private void run() {
        while (!stop.isRaised()) {
            if (!mayDeliver()) {
                stop.pause(POLL);
                continue;
            }
            try {
                deliver();
            } catch (InterruptException e) {
                log.debug("Stopped while it waited", e);
            } catch (RuntimeException | Error e) {
                // Once for each outage: it can last.
                if (!down) {
                    log.warn("Webhooks are not delivered now; trying again every {} s", PAUSE.toSeconds(), e);
                }
                down = true;
                stop.pause(PAUSE);
            }
        }
    }

    /** Whether there is anybody to tell. Shown before anything is asked of the brokers, which may refuse. */
    private boolean mayDeliver() {
        if (!registry.isCurrent()) {
            metrics.endpointsUnknown();
            return false;
        }
        metrics.endpoints(registry.endpoints().values());
        return !registry.endpoints().isEmpty();
    }

    private void deliver() {
        try (ProgressWriter writer = new ProgressWriter(settings);
                Workers workers = new Workers(new WorkerParts(settings, sender, metrics, surroundings()), writer);
                Membership group = Membership.join(settings, workers)) {
            workers.join(group::metadata);
            while (!stop.isRaised()) {
                // Without partitions the group may be on the move, and must be heard.
                group.poll(workers.haveWork() ? Duration.ZERO : POLL);
                metrics.endpoints(registry.endpoints().values());
                workers.follow(registry.endpoints());
                workers.write();
                metrics.running(workers.areAssigned() && group.isHeard());
                down &= !workers.haveWork();
                awaitWork(workers);
            }
            workers.revoked();
        } finally {
            metrics.running(false);
        }
    }

    private void awaitWork(Workers workers) {
        try {
            if (workers.haveWork() && handedOut.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                handedOut.drainPermits();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private EndpointWorker.Surroundings surroundings() {
        return new EndpointWorker.Surroundings() {
            @Override
            public @Nullable Endpoint endpoint(String id) {
                return registry.endpoints().get(id);
            }

            @Override
            public boolean isDeleted(String id) {
                return registry.isCurrent() && !registry.isUnreadable(id);
            }

            @Override
            public CompletableFuture<Boolean> disable(Endpoint endpoint, DisabledReason reason) {
                log.warn("Endpoint {} is disabled: {}", endpoint.id(), reason);
                return registry.disable(endpoint.id(), endpoint.version(), reason);
            }

            @Override
            public CompletableFuture<Boolean> rangeDone(String id, String replay, int partition) {
                return registry.rangeDone(id, replay, partition);
            }

            @Override
            public void handedOut() {
                handedOut.release();
            }
        };
    }

    /** Stops. What is under way has a second to be answered; what is not is sent again by whoever takes over. */
    @Override
    public void close() {
        stop.raise();
        StopSignal.awaitEnd(thread, STOP);
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.WebhookKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one endpoint of the outcomes in this instance's partitions, in a thread of its own: reads, sends, and hands out what is to
 * be written of its progress. A failure that is not the endpoint's ends it ({@link #failure}): then all progress must be read
 * anew.
 */
final class EndpointWorker {
    private static final Logger log = LoggerFactory.getLogger(EndpointWorker.class);

    /** A stop waits so long for answers that are under way; what is not answered by then is sent again. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private static final long IDLE_MS = 100;
    private static final long BUSY_MS = 10;

    /** What a worker asks of those around it. Nothing of it may block. */
    interface Surroundings {
        /** The endpoint as it is now, or null when it was deleted. */
        @Nullable
        Endpoint endpoint(String id);

        /** Whether one that is not there was deleted, and is not just unreadable. */
        boolean isDeleted(String id);

        /** Unless it was changed since. */
        CompletableFuture<Boolean> disable(Endpoint endpoint, DisabledReason reason);

        CompletableFuture<Boolean> rangeDone(String id, String replay, int partition);

        /** The worker's {@link #progress} has something to write. */
        void handedOut();
    }

    private final WorkerParts parts;
    private final WebhookSettings settings;
    private final String id;
    private final long createdAt;
    private final Backlog backlog;
    private final Dispatch dispatch;
    private final HandOver progress;
    private final BacklogReader reader;
    private final Replays replays;
    private final Thread thread;
    private final BlockingQueue<Runnable> mail = new LinkedBlockingQueue<>();
    private boolean disabling;
    private boolean gone;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Long oldestPendingAt;

    /**
     * Makes a worker that does nothing yet.
     *
     * @param topicId of the output as it is now
     * @param partitions of this instance
     * @param stored by lane's name and partition, what the progress says
     */
    EndpointWorker(
            WorkerParts parts,
            Endpoint endpoint,
            String topicId,
            Set<Integer> partitions,
            Map<String, Map<Integer, Lane.Stored>> stored) {
        this.parts = parts;
        this.settings = parts.settings();
        this.id = endpoint.id();
        this.createdAt = endpoint.createdAt();
        Map<Integer, Lane.Stored> live = stored.getOrDefault(WebhookKey.LIVE, Map.of());
        long now = System.currentTimeMillis();
        this.backlog = new Backlog(endpoint, topicId, Room.Bounds.STANDARD, now);
        this.dispatch = new Dispatch(
                backlog,
                settings.schedule(),
                LiveLanes.failingSince(endpoint, topicId, live),
                now,
                () -> ThreadLocalRandom.current().nextDouble());
        Set<Integer> madeAnew = LiveLanes.open(backlog, topicId, partitions, live);
        this.progress = new HandOver(liveOffsets());
        this.reader = new BacklogReader(settings.kafka(), settings.output(), backlog);
        this.replays = new Replays(backlog, partitions, madeAnew, stored, this::rangeDone);
        this.thread = new Thread(this::run, "tally-webhook-" + id);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                turn();
            }
            awaitLastAnswers();
        } catch (InterruptException | InterruptedException e) {
            log.debug("Stopped while it waited", e);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            reader.close();
        }
    }

    private void turn() throws InterruptedException {
        long now = System.currentTimeMillis();
        Endpoint current = parts.surroundings().endpoint(id);
        gone = current == null || current.createdAt() != createdAt();
        if (current != null && !gone && current.version() != backlog.endpoint().version()) {
            dispatch.change(current);
        }
        replays.follow(now, progress.handedOut(), progress.written()).forEach(reader::forget);
        dispatch.wake(now);
        read(now);
        send(now);
        handOut();
        answerMail(dispatch.underWay() > 0 ? BUSY_MS : 0);
    }

    private void read(long now) throws InterruptedException {
        long wait = maySend() ? dispatch.wakeAt(settings.concurrency(), now + IDLE_MS) - now : BUSY_MS;
        long until = Math.max(0, Math.min(IDLE_MS, wait));
        boolean idle = dispatch.underWay() == 0 && mail.isEmpty();
        boolean mayRead = !gone && backlog.endpoint().isActive() && dispatch.ready() < settings.concurrency();
        boolean hasWaited = mayRead && reader.read(idle ? Duration.ofMillis(until) : Duration.ZERO);
        if (!hasWaited && idle && until > 0) {
            answerMail(until);
        }
    }

    private void send(long now) {
        UserQueue queue = maySend() ? dispatch.next(now, settings.concurrency()) : null;
        while (queue != null) {
            UserQueue sending = queue;
            Endpoint to = backlog.endpoint();
            parts.sender().send(to, queue.front().message(), result -> mail.add(() -> answered(sending, to, result)));
            queue = dispatch.next(now, settings.concurrency());
        }
    }

    private boolean maySend() {
        return !disabling && !gone && !progress.isFull();
    }

    private void answered(UserQueue queue, Endpoint to, AttemptResult result) {
        progress.answered();
        boolean wasParked = dispatch.health().isParked();
        Dispatch.DeliveryResult delivery = dispatch.answered(queue, to.url(), result);
        long nanos = TimeUnit.MILLISECONDS.toNanos(result.attempt().latencyMs());
        switch (delivery) {
            case DELIVERED -> parts.metrics().delivered(id, nanos);
            case FAILED -> parts.metrics().failed(id, nanos);
            case DEAD -> {
                parts.metrics().failed(id, nanos);
                parts.metrics().dead(id);
                log.warn("A delivery to endpoint {} is dead: its last attempt has failed", id);
            }
        }
        if (result.isGone()) {
            disable(to, DisabledReason.GONE);
        } else if (dispatch.health().isHopeless(System.currentTimeMillis())) {
            disable(to, DisabledReason.FAILING);
        }
        if (wasParked != dispatch.health().isParked()) {
            log.info(wasParked ? "Endpoint {} takes deliveries again" : "Endpoint {} is parked: it takes nothing", id);
        }
    }

    /** What was changed since it was asked begins anew: the answer says nothing of it. */
    private void disable(Endpoint asked, DisabledReason reason) {
        if (disabling || asked.version() != backlog.endpoint().version() || !asked.isActive()) {
            return;
        }
        disabling = true;
        var unused = parts.surroundings()
                .disable(asked, reason)
                .whenComplete((done, error) -> mail.add(() -> disabling = false));
    }

    private void rangeDone(String replay, int partition) {
        var unused = parts.surroundings().rangeDone(id, replay, partition);
    }

    private void handOut() {
        if (progress.takeDue()) {
            oldestPendingAt = backlog.endpoint().isActive() ? backlog.lanes().oldestPendingAt() : null;
            List<PendingWrites.Write> writes = dispatch.takeWrites();
            if (!writes.isEmpty()) {
                progress.handOut(writes, liveOffsets());
                parts.surroundings().handedOut();
            }
        }
    }

    private Map<Integer, Long> liveOffsets() {
        return backlog.lanes().stream()
                .filter(Lane::isLive)
                .collect(Collectors.toUnmodifiableMap(Lane::partition, Lane::next));
    }

    private void answerMail(long waitMs) throws InterruptedException {
        Runnable next = waitMs > 0 ? mail.poll(waitMs, TimeUnit.MILLISECONDS) : mail.poll();
        while (next != null) {
            next.run();
            next = mail.poll();
        }
    }

    private void awaitLastAnswers() throws InterruptedException {
        long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (dispatch.underWay() > 0 && System.nanoTime() < deadline) {
            answerMail(BUSY_MS);
        }
    }

    /** What it hands out to be written. */
    HandOver progress() {
        return progress;
    }

    /** Tells its endpoint from one that has the same id later. From any thread. */
    long createdAt() {
        return createdAt;
    }

    /** Ends it, without waiting. */
    void stop() {
        stopping = true;
    }

    /**
     * Waits for the end of one that was stopped, and gives what is still to be written.
     *
     * @param deleted whether the endpoint is gone, and so what is kept of it
     */
    List<PendingWrites.Write> rest(boolean deleted) throws InterruptedException {
        thread.join();
        List<PendingWrites.Write> rest = new ArrayList<>(progress.toWrite());
        if (failure == null) {
            if (deleted) {
                backlog.lanes().stream().toList().forEach(backlog::remove);
            }
            rest.addAll(dispatch.takeWrites());
        }
        return rest;
    }

    /** What ended it, or null. From any thread. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** When the oldest outcome that it was not told yet was recorded, milliseconds since 1970 UTC; null for none. From any thread. */
    @Nullable
    Long oldestPendingAt() {
        return oldestPendingAt;
    }
}

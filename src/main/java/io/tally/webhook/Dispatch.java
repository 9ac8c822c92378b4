package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What of a {@link Backlog} is sent next, and what becomes of it by the answer: delivered, tried again, or dead. Knows neither Kafka nor
 * the network. All times are milliseconds since 1970 UTC. For one thread.
 */
final class Dispatch {
    /** Shorter failures may come from single deliveries that the endpoint cannot take, and not from the endpoint. */
    private static final long OUTAGE_MS = Duration.ofMinutes(1).toMillis();

    /** What came of an attempt. */
    enum DeliveryResult {
        /** The endpoint has it. */
        DELIVERED,
        /** It will be tried again. */
        FAILED,
        /** It will not be tried again. */
        DEAD
    }

    private final Backlog backlog;
    private final RetrySchedule schedule;
    private final DoubleSupplier chance;
    private Health health;
    private long now;
    private int underWay;

    /**
     * Nothing is under way.
     *
     * @param failingSince what the progress says
     * @param now when it begins
     * @param chance 0 to 1, for jitter
     */
    Dispatch(Backlog backlog, RetrySchedule schedule, long failingSince, long now, DoubleSupplier chance) {
        this.backlog = backlog;
        this.schedule = schedule;
        this.chance = chance;
        this.now = now;
        this.health = new Health(schedule, failingSince, now);
    }

    Health health() {
        return health;
    }

    /** The endpoint was changed. One that is told something again, or elsewhere, begins without a past. */
    void change(Endpoint changed) {
        Endpoint before = backlog.endpoint();
        boolean anew =
                changed.isActive() && !before.isActive() || !changed.url().equals(before.url());
        backlog.change(changed);
        if (anew) {
            backlog.turns().waiting().forEach(UserQueue::unforgive);
            forgive(0);
            health = new Health(schedule, 0, now);
            backlog.lanes().changed();
        }
    }

    /** Gives turns to those whose time has come. */
    void wake(long time) {
        now = time;
        for (UserQueue queue = backlog.turns().wake(now);
                queue != null;
                queue = backlog.turns().wake(now)) {
            backlog.rouse(queue);
        }
    }

    /** The next outcome to be sent, or null when there is none or no room. Its queue sends from here on. */
    @Nullable
    UserQueue next(long now, int concurrency) {
        if (!backlog.endpoint().isActive() || health.room(now, concurrency, underWay) <= 0) {
            return null;
        }
        UserQueue queue = backlog.turns().poll(health.isParked());
        while (queue != null && !isWanted(queue)) {
            backlog.advance(queue);
            queue = backlog.turns().poll(health.isParked());
        }
        if (queue != null) {
            queue.sending();
            underWay++;
        }
        return queue;
    }

    /** What it wants may have changed since it was read. */
    private boolean isWanted(UserQueue queue) {
        return backlog.endpoint().wants(queue.front().type(), queue.userId());
    }

    /**
     * The answer to what a queue sent.
     *
     * @param url where it was sent; what another than the present one answers says nothing of the endpoint
     */
    DeliveryResult answered(UserQueue queue, URI url, AttemptResult result) {
        underWay--;
        boolean present = url.equals(backlog.endpoint().url());
        if (result.attempt().isSuccess()) {
            if (present) {
                noteSuccess();
            }
            delivered(queue);
            return DeliveryResult.DELIVERED;
        }
        boolean wasParked = health.isParked();
        if (present) {
            noteFailure(result, queue.isFresh());
        }
        return failed(queue, result, wasParked);
    }

    private void noteFailure(AttemptResult result, boolean first) {
        if (health.failingSince() == 0) {
            backlog.lanes().changed();
        }
        health.failed(result.attempt().at(), first, now, result.retryAfter());
    }

    private void noteSuccess() {
        long failingSince = health.failingSince();
        boolean wasParked = health.isParked();
        health.delivered();
        if (failingSince != 0) {
            backlog.lanes().changed();
        }
        if (wasParked && now - failingSince >= OUTAGE_MS) {
            forgive(failingSince);
        }
    }

    private void delivered(UserQueue queue) {
        if (isPresent(queue)) {
            if (!queue.lane().isLive()) {
                backlog.writes().noLongerDead(queue.front());
            }
            backlog.advance(queue);
        }
    }

    private DeliveryResult failed(UserQueue queue, AttemptResult result, boolean wasParked) {
        if (!isPresent(queue)) {
            return DeliveryResult.FAILED;
        }
        queue.note(result.attempt());
        if (schedule.isExhausted(queue.attempts()) && !result.isGone() && !wasParked) {
            backlog.writes().dead(queue.delivery(queue.front(), null));
            backlog.advance(queue);
            return DeliveryResult.DEAD;
        }
        int attempts = Math.min(queue.attempts(), schedule.waits().size());
        queue.retryAt(Math.max(now + schedule.waitMillis(attempts, chance.getAsDouble()), heldUntil(result)));
        backlog.turns().await(queue);
        backlog.writes().waiting(queue, queue.delivery(queue.front(), queue.notBefore()));
        queue.stored();
        return DeliveryResult.FAILED;
    }

    private long heldUntil(AttemptResult result) {
        return result.retryAfter() == null ? 0 : now + result.retryAfter().toMillis();
    }

    /** A lane may have been taken out while the queue was sending. */
    private static boolean isPresent(UserQueue queue) {
        return queue.lane().has(queue);
    }

    /**
     * Failures since this time were the endpoint's and not the deliveries': those that failed only since then begin anew, at once,
     * and once.
     */
    private void forgive(long since) {
        for (UserQueue queue : backlog.turns().takeWaiting()) {
            if (!queue.isForgiven() && queue.firstAttemptAt() >= since) {
                queue.forgive();
                backlog.forgetAttempts(queue);
                backlog.rouse(queue);
            } else {
                backlog.turns().await(queue);
            }
        }
    }

    /** When there is something to do that only time brings, and no answer; at most {@code latest}. */
    long wakeAt(int concurrency, long latest) {
        long at = backlog.turns().nextAt(latest);
        boolean answersFirst = underWay >= (health.isParked() ? 1 : concurrency);
        return ready() == 0 || answersFirst || !backlog.endpoint().isActive() ? at : Math.min(at, health.roomAgainAt());
    }

    int underWay() {
        return underWay;
    }

    /** How many could be sent at once if there were room. */
    int ready() {
        return backlog.turns().count();
    }

    /** What has changed since the last call and must be written, all of it together. */
    List<PendingWrites.Write> takeWrites() {
        return backlog.takeWrites(health.failingSince());
    }
}

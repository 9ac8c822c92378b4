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
    /** What is shorter may be nothing but some deliveries that the endpoint cannot digest, while there is nothing else. */
    private static final long OUTAGE_MS = Duration.ofMinutes(1).toMillis();

    /** What came of an attempt. */
    enum Verdict {
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
            backlog.turns().waiting().forEach(line -> line.forgiven = false);
            forgive(0);
            health = new Health(schedule, 0, now);
            backlog.progressChanged();
        }
    }

    /** Gives turns to those whose time has come. */
    void wake(long time) {
        now = time;
        for (Line line = backlog.turns().wake(now);
                line != null;
                line = backlog.turns().wake(now)) {
            backlog.rouse(line);
        }
    }

    /** The next outcome to be sent, or null when there is none or no room. Its line sends from here on. */
    @Nullable
    Line next(long now, int concurrency) {
        if (!backlog.endpoint().isActive() || health.room(now, concurrency, underWay) <= 0) {
            return null;
        }
        Line line = backlog.turns().poll(health.isParked());
        while (line != null && !isWanted(line)) {
            backlog.advance(line);
            line = backlog.turns().poll(health.isParked());
        }
        if (line != null) {
            line.stage = Line.Stage.SENDING;
            underWay++;
        }
        return line;
    }

    /** What it wants may have changed since it was read. */
    private boolean isWanted(Line line) {
        return backlog.endpoint().wants(line.queue.element().type(), line.userId);
    }

    /**
     * The answer to what a line sent.
     *
     * @param url where it was sent; what another than the present one answers says nothing of the endpoint
     */
    Verdict answered(Line line, URI url, AttemptResult result) {
        underWay--;
        boolean present = url.equals(backlog.endpoint().url());
        if (result.attempt().isSuccess()) {
            if (present) {
                noteSuccess();
            }
            delivered(line);
            return Verdict.DELIVERED;
        }
        boolean wasParked = health.isParked();
        if (present) {
            noteFailure(result, line.isFresh());
        }
        return failed(line, result, wasParked);
    }

    private void noteFailure(AttemptResult result, boolean first) {
        if (health.failingSince() == 0) {
            backlog.progressChanged();
        }
        health.failed(result.attempt().at(), first, now, result.retryAfter());
    }

    private void noteSuccess() {
        long failingSince = health.failingSince();
        boolean wasParked = health.isParked();
        health.delivered();
        if (failingSince != 0) {
            backlog.progressChanged();
        }
        if (wasParked && now - failingSince >= OUTAGE_MS) {
            forgive(failingSince);
        }
    }

    private void delivered(Line line) {
        if (isPresent(line)) {
            if (!line.lane.isLive()) {
                backlog.changes().noLongerDead(line.queue.element());
            }
            backlog.advance(line);
        }
    }

    private Verdict failed(Line line, AttemptResult result, boolean wasParked) {
        if (!isPresent(line)) {
            return Verdict.FAILED;
        }
        line.note(result.attempt());
        if (schedule.isExhausted(line.attempts.size()) && !result.isGone() && !wasParked) {
            backlog.changes().dead(line.delivery(line.queue.element(), null));
            backlog.advance(line);
            return Verdict.DEAD;
        }
        int attempts = Math.min(line.attempts.size(), schedule.waits().size());
        line.notBefore = Math.max(now + schedule.waitMillis(attempts, chance.getAsDouble()), heldUntil(result));
        backlog.turns().await(line);
        backlog.changes().waiting(line, line.delivery(line.queue.element(), line.notBefore));
        if (!line.stored) {
            line.stored = true;
            line.lane.dirty = true;
        }
        return Verdict.FAILED;
    }

    private long heldUntil(AttemptResult result) {
        return result.retryAfter() == null ? 0 : now + result.retryAfter().toMillis();
    }

    /** A lane may have been taken out while the line was sending. */
    private static boolean isPresent(Line line) {
        return line.lane.lines.get(line.userId) == line;
    }

    /**
     * Failures since this time were the endpoint's and not the deliveries': those that failed only since then begin anew, at once,
     * and once.
     */
    private void forgive(long since) {
        for (Line line : backlog.turns().takeWaiting()) {
            if (!line.forgiven && line.attempts.get(0).at() >= since) {
                line.forgiven = true;
                backlog.forgetAttempts(line);
                backlog.rouse(line);
            } else {
                backlog.turns().await(line);
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
    List<Changes.Change> takeChanges() {
        return backlog.takeChanges(health.failingSince());
    }
}

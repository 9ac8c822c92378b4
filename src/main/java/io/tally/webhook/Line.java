package io.tally.webhook;

import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one user's endpoint was not told yet, in order: the first of it is sent until it is taken or dead, then the next. For one
 * thread.
 */
final class Line {
    /** As many as a schedule can have; while the endpoint is parked there can be more. */
    private static final int MAX_ATTEMPTS = 21;

    /** No wait is longer, be it the schedule's or what an endpoint asks for; a clock that was wrong must not count for ever. */
    private static final long MAX_WAIT_MS = Duration.ofHours(27).toMillis();

    /** What the line waits for. */
    enum Stage {
        /** Its turn. */
        READY,
        /** An answer. */
        SENDING,
        /** The time of the next attempt. */
        WAITING,
        /** What comes next, to be read from the log again. */
        HUNGRY
    }

    final Lane lane;
    final String userId;
    final Deque<Event> queue = new ArrayDeque<>();
    Stage stage = Stage.READY;
    /** Whether the queue holds everything from {@link #from} up to what the lane has taken up. */
    boolean complete;
    /** The offset from which on nothing was delivered. */
    long from;
    /** Milliseconds since 1970 UTC of the outcome at the front; of one that was spilled as well. */
    long pendingSince;
    /** Of the outcome at the front. */
    final List<Attempt> attempts = new ArrayList<>();
    /** Milliseconds since 1970 UTC; of meaning while it waits. */
    long notBefore;
    /** What reads for it at the moment. */
    @Nullable
    Scan scan;
    /** Whether its failures were taken for the endpoint's once; not a second time. */
    boolean forgiven;
    /** Whether the progress has a {@link Delivery} of the outcome at the front. */
    boolean stored;

    private Line(Lane lane, String userId, long from, boolean complete) {
        this.lane = lane;
        this.userId = userId;
        this.from = from;
        this.complete = complete;
    }

    static Line of(Lane lane, Event first) {
        Line line = new Line(lane, first.userId(), first.offset(), true);
        line.pendingSince = first.recordedAtMillis();
        line.queue.add(first);
        return line;
    }

    /** A line of which the place is known, to be read from the log. */
    static Line restored(Lane lane, String userId, long from) {
        Line line = new Line(lane, userId, from, false);
        line.stage = Stage.HUNGRY;
        return line;
    }

    static Line restored(Lane lane, Delivery delivery, long now) {
        Line line = restored(lane, delivery.userId(), delivery.offset());
        line.attempts.addAll(delivery.attempts());
        Long next = delivery.nextAttemptAt();
        line.notBefore = next == null ? 0 : Math.min(next, now + MAX_WAIT_MS);
        line.pendingSince = delivery.recordedAt();
        line.stored = true;
        line.stage = Stage.WAITING;
        return line;
    }

    /** Whether nothing is known of the outcome at the front. */
    boolean isFresh() {
        return attempts.isEmpty() && !forgiven;
    }

    /** Keeps the attempt; of the answers only the last. */
    void note(Attempt attempt) {
        if (!attempts.isEmpty()) {
            attempts.set(attempts.size() - 1, attempts.get(attempts.size() - 1).withoutAnswer());
        }
        attempts.add(attempt);
        if (attempts.size() > MAX_ATTEMPTS) {
            attempts.remove(1);
        }
    }

    /** The outcome at the front as it is shown and kept. */
    Delivery delivery(Event event, @Nullable Long nextAttemptAt) {
        return new Delivery(
                event.partition(),
                event.offset(),
                event.id(),
                event.type(),
                userId,
                event.recordedAtMillis(),
                nextAttemptAt,
                attempts);
    }
}

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
 * The outcomes of one user that an endpoint was not told yet, in order: the first is sent until it is taken or dead, then the
 * next. For one thread.
 */
final class UserQueue {
    /** As many as a schedule can have; while the endpoint is parked there can be more. */
    private static final int MAX_ATTEMPTS = 21;

    /** No wait is longer, be it the schedule's or what an endpoint asks for; a clock that was wrong must not count for ever. */
    private static final long MAX_WAIT_MS = Duration.ofHours(27).toMillis();

    /** What the queue waits for. */
    enum Stage {
        /** Its turn. */
        READY,
        /** An answer. */
        SENDING,
        /** The time of the next attempt. */
        WAITING,
        /** What comes next, to be read from the log again. */
        NEEDS_READ
    }

    final Lane lane;
    final String userId;
    final Deque<Event> events = new ArrayDeque<>();
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

    private UserQueue(Lane lane, String userId, long from, boolean complete) {
        this.lane = lane;
        this.userId = userId;
        this.from = from;
        this.complete = complete;
    }

    static UserQueue of(Lane lane, Event first) {
        UserQueue queue = new UserQueue(lane, first.userId(), first.offset(), true);
        queue.pendingSince = first.recordedAtMillis();
        queue.events.add(first);
        return queue;
    }

    /** A queue of which the place is known, to be read from the log. */
    static UserQueue restored(Lane lane, String userId, long from) {
        UserQueue queue = new UserQueue(lane, userId, from, false);
        queue.stage = Stage.NEEDS_READ;
        return queue;
    }

    static UserQueue restored(Lane lane, Delivery delivery, long now) {
        UserQueue queue = restored(lane, delivery.userId(), delivery.offset());
        queue.attempts.addAll(delivery.attempts());
        Long next = delivery.nextAttemptAt();
        queue.notBefore = next == null ? 0 : Math.min(next, now + MAX_WAIT_MS);
        queue.pendingSince = delivery.recordedAt();
        queue.stored = true;
        queue.stage = Stage.WAITING;
        return queue;
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

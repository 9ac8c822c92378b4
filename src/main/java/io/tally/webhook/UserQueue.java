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
    private enum Stage {
        /** Its turn. */
        READY,
        /** An answer. */
        SENDING,
        /** The time of the next attempt. */
        WAITING,
        /** What comes next, to be read from the log again. */
        NEEDS_READ
    }

    private final Lane lane;
    private final String userId;
    private final Deque<Event> events = new ArrayDeque<>();
    private Stage stage = Stage.READY;
    private boolean complete;
    private long from;
    private long pendingSince;
    /** Of the outcome at the front. */
    private final List<Attempt> attempts = new ArrayList<>();

    private long notBefore;
    private @Nullable Scan scan;
    private boolean forgiven;
    private boolean stored;

    private UserQueue(Lane lane, String userId, long from, boolean complete) {
        this.lane = lane;
        this.userId = userId;
        this.from = from;
        this.complete = complete;
    }

    /** A queue that begins with this outcome, which is still to be added, and holds everything behind it. */
    static UserQueue beginning(Lane lane, Event first) {
        UserQueue queue = new UserQueue(lane, first.userId(), first.offset(), true);
        queue.pendingSince = first.recordedAtMillis();
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

    Lane lane() {
        return lane;
    }

    String userId() {
        return userId;
    }

    /** How many outcomes it holds. */
    int size() {
        return events.size();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** The outcome at the front, which it must hold. */
    Event front() {
        return events.element();
    }

    /** Whether it holds everything from {@link #from} up to what the lane has taken up. */
    boolean isComplete() {
        return complete;
    }

    /** It was read up to what the lane has taken up. */
    void completed() {
        complete = true;
    }

    /** Takes what comes next behind what it holds. */
    void add(Event event) {
        events.add(event);
    }

    /** The outcome at the front, which is done with; failures of the next one may be forgiven again. */
    Event removeFront() {
        forgiven = false;
        return events.remove();
    }

    /** Drops all but so many at the front. Returns how many that were. */
    int drop(int kept) {
        int dropped = 0;
        while (events.size() > kept) {
            events.removeLast();
            dropped++;
        }
        complete = false;
        return dropped;
    }

    /** The offset from which on nothing was delivered. */
    long from() {
        return from;
    }

    /** Milliseconds since 1970 UTC of the outcome at the front; of one that was spilled as well. 0 when it was not read yet. */
    long pendingSince() {
        return pendingSince;
    }

    /** This is the outcome at the front. */
    void startAt(Event front) {
        from = front.offset();
        pendingSince = front.recordedAtMillis();
    }

    /** All that it held was delivered, or is dead; what comes next is behind it. */
    void startBehind(Event last) {
        from = last.offset() + 1;
    }

    /** What comes next is not before this offset. */
    void startNotBefore(long offset) {
        from = Math.max(from, offset);
        lane.changed();
    }

    /** Its turn will come. */
    void ready() {
        stage = Stage.READY;
    }

    /** The outcome at the front is under way. */
    void sending() {
        stage = Stage.SENDING;
    }

    /** It waits for the time of the next attempt. */
    void waiting() {
        stage = Stage.WAITING;
    }

    /** What comes next must be read. */
    void needsRead() {
        stage = Stage.NEEDS_READ;
    }

    boolean isToBeRead() {
        return stage == Stage.NEEDS_READ;
    }

    /** Whether the outcome at the front is sent next or under way. */
    boolean isReadyOrSending() {
        return stage == Stage.READY || stage == Stage.SENDING;
    }

    /** Milliseconds since 1970 UTC; of meaning while it waits. */
    long notBefore() {
        return notBefore;
    }

    /** When the next attempt may be. Not while it waits: others wait in the order of their times. */
    void retryAt(long time) {
        notBefore = time;
    }

    /** What reads for it at the moment. */
    @Nullable
    Scan scan() {
        return scan;
    }

    void readBy(Scan reading) {
        scan = reading;
    }

    void readByNobody() {
        scan = null;
    }

    /** Whether the progress has a {@link Delivery} of the outcome at the front. */
    boolean isStored() {
        return stored;
    }

    /** The progress gets a {@link Delivery} of the outcome at the front. */
    void stored() {
        if (!stored) {
            stored = true;
            lane.changed();
        }
    }

    /** Whether its failures were taken for the endpoint's once; not a second time. */
    boolean isForgiven() {
        return forgiven;
    }

    void forgive() {
        forgiven = true;
    }

    /** Its failures may be forgiven once more. */
    void unforgive() {
        forgiven = false;
    }

    /** Of the outcome at the front. */
    int attempts() {
        return attempts.size();
    }

    /** Milliseconds since 1970 UTC; there must be one. */
    long firstAttemptAt() {
        return attempts.get(0).at();
    }

    /** What is at the front has no past, or no longer. Returns whether the progress still has a {@link Delivery} of it, which must go. */
    boolean forgetAttempts() {
        attempts.clear();
        lane.changed();
        boolean wasStored = stored;
        stored = false;
        return wasStored;
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

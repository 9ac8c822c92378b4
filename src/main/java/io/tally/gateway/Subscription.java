package io.tally.gateway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to the feed, read at a pace of its own. It keeps no events, only where it stands in the ring: a slow one costs
 * nothing, and falls out of the ring in the end. Thread-safe.
 */
public final class Subscription implements AutoCloseable {
    /** Nothing in the ring waits for this subscription. */
    private static final long NONE = Long.MAX_VALUE;

    private final Subscribers subscribers;
    private final FeedRing ring;
    private final Interest interest;
    private final Runnable wake;
    // All below, and the ring, are guarded by the ring.
    private long[] next;
    private long index;
    private boolean reset;
    /** The user's partition had it last before what is told; null when that is not known, or does not matter. */
    private @Nullable OutcomeEvent lastBefore;
    /** Whether it has read just what the ring has brought, so that its positions are everybody's. */
    private boolean inStep;

    /** Stands at the end of the ring. */
    Subscription(Subscribers subscribers, FeedRing ring, Interest interest, Runnable wake) {
        this.subscribers = subscribers;
        this.ring = ring;
        this.interest = interest;
        this.wake = wake;
        this.next = interest.of(ring.ends());
        this.index = NONE;
        this.inStep = true;
        this.lastBefore = newest();
    }

    /** Stands at a position that the ring has, or will come to. */
    void startAt(long[] position) {
        next = position.clone();
        index = NONE;
        inStep = false;
        lastBefore = null;
        // Not simply the first of all: the ring may drop what does not concern this subscription, and it has missed
        // nothing.
        for (long at = ring.first(); at < ring.end() && index == NONE; at++) {
            index = isNew(ring.at(at)) ? at : NONE;
        }
    }

    /**
     * Has missed something: is told so, and goes on in the middle of what the ring has. The stores get a transaction a moment
     * after the log has it, so a state that is read now can lack some of what lies before the end.
     */
    void reset() {
        startAt(interest.of(ring.halfway()));
        reset = true;
        lastBefore = newest();
    }

    private @Nullable OutcomeEvent newest() {
        return interest.userId() == null ? null : ring.newest(interest.partition());
    }

    /**
     * The position that a state must have passed to include every outcome of the user that this subscription is not told. It matters as
     * the stores get a transaction a moment after the log has it. Null when no earlier outcome is known, for a subscription that
     * resumed, and for those to all users.
     */
    public @Nullable Position beginning() {
        OutcomeEvent last;
        synchronized (ring) {
            last = lastBefore;
        }
        return last == null ? null : last.input();
    }

    Interest interest() {
        return interest;
    }

    /** The ring has an event at this index that concerns the subscription. */
    void notice(long eventIndex) {
        index = Math.min(index, eventIndex);
    }

    /** Tells the listener that there is something to take. */
    void wake() {
        wake.run();
    }

    /**
     * Takes what comes next. Never waits.
     *
     * @param max how many events at most, at least 1
     */
    public FeedBatch take(int max) {
        synchronized (ring) {
            if (reset) {
                reset = false;
                return new FeedBatch(FeedBatch.State.RESET, List.of(), position());
            }
            if (index < ring.first()) {
                return new FeedBatch(FeedBatch.State.BEHIND, List.of(), position());
            }
            List<FeedBatch.Item> items = new ArrayList<>();
            while (index < ring.end() && items.size() < max) {
                read(index, items);
                index++;
            }
            if (index >= ring.end()) {
                index = NONE;
                catchUp();
            }
            return new FeedBatch(FeedBatch.State.NEXT, items, position());
        }
    }

    /** Whether it was too slow. */
    public boolean isBehind() {
        synchronized (ring) {
            return !reset && index < ring.first();
        }
    }

    private void read(long at, List<FeedBatch.Item> items) {
        OutcomeEvent event = ring.at(at);
        if (isNew(event)) {
            next[part(event)] = event.offset() + 1;
            boolean shared = interest.userId() == null && inStep;
            items.add(new FeedBatch.Item(event, shared ? ring.positionAt(at, next) : position()));
        }
    }

    private boolean isNew(OutcomeEvent event) {
        String userId = interest.userId();
        return (userId == null || userId.equals(event.userId())) && event.offset() >= next[part(event)];
    }

    private int part(OutcomeEvent event) {
        return interest.userId() == null ? event.partition() : 0;
    }

    private void catchUp() {
        long[] ends = interest.of(ring.ends());
        for (int i = 0; i < ends.length; i++) {
            next[i] = Math.max(next[i], ends[i]);
        }
        inStep = ring.endsAt(next);
    }

    private String position() {
        return FeedPosition.text(ring.topic(), interest.partition(), next);
    }

    /** Reads no more; the listener may be woken once or twice yet. */
    @Override
    public void close() {
        subscribers.remove(this);
    }
}

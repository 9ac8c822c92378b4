package io.tally.webhook;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a stretch of a lane's log again, from the first outcome that one of some users has not been told up to what the lane has
 * taken up. For one thread.
 */
final class Scan {
    /** A second's reading or less: others of the partition can wait as long. */
    private static final long MAX_OFFSETS = 100_000;

    private final Backlog backlog;
    private final Lane lane;
    private final Map<String, UserQueue> searching = new HashMap<>();
    private final int most;
    private final long begin;
    private long position;

    /**
     * Begins at the first outcome that one of them has not been told.
     *
     * @param events how many it may find in all
     */
    Scan(Backlog backlog, Lane lane, Collection<UserQueue> queues, int events) {
        this.backlog = backlog;
        this.lane = lane;
        for (UserQueue queue : queues) {
            searching.put(queue.userId(), queue);
            queue.readBy(this);
        }
        this.position = queues.stream().mapToLong(UserQueue::from).min().orElse(lane.next());
        this.begin = position;
        this.most = Math.max(1, events / Math.max(1, queues.size()));
    }

    /** Where to read on. */
    long position() {
        return position;
    }

    int partition() {
        return lane.partition();
    }

    Lane lane() {
        return lane;
    }

    /** Whether nobody searches any more, there is nothing to read, or it is the turn of others. */
    boolean isOver() {
        boolean othersTurn =
                position - begin >= MAX_OFFSETS && backlog.searches().areAwaited(lane.partition());
        return searching.isEmpty() || position >= lane.next() || othersTurn;
    }

    /** Whether an outcome of this user is of use. */
    boolean isFor(String userId, long offset) {
        UserQueue queue = searching.get(userId);
        return queue != null && offset >= queue.from() && offset < lane.next();
    }

    /** An outcome that it {@link #isFor}. */
    void read(Event event) {
        UserQueue queue = searching.get(event.userId());
        if (queue == null
                || !backlog.endpoint().wants(event.type(), event.userId())
                || backlog.lanes().isToldLive(lane, event)) {
            return;
        }
        if (queue.size() < most) {
            backlog.found(queue, event);
        } else {
            // Comes back when it has sent what it has; others must not wait for it.
            drop(queue);
        }
    }

    /** Searches no more for a queue. */
    void drop(UserQueue queue) {
        searching.remove(queue.userId());
        queue.readByNobody();
    }

    /** Everything before this offset was read. */
    void readTo(long offset) {
        position = Math.max(position, offset);
    }

    /** Ends it. Those who found everything follow the lane from here on; others will search again. */
    void end() {
        boolean everything = position >= lane.next();
        for (UserQueue queue : List.copyOf(searching.values())) {
            drop(queue);
            if (everything) {
                queue.completed();
            }
            backlog.scanned(queue, position);
        }
    }
}

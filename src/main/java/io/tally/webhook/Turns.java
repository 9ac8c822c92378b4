package io.tally.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Whose turn it is to send, and who waits until when. All times are milliseconds since 1970 UTC. For one thread. */
final class Turns {
    private final Deque<UserQueue> fresh = new ArrayDeque<>();
    private final Deque<UserQueue> due = new ArrayDeque<>();
    private final PriorityQueue<UserQueue> waiting =
            new PriorityQueue<>(Comparator.comparingLong(UserQueue::notBefore));
    private boolean probeNewest;

    /** Its turn will come. */
    void ready(UserQueue queue) {
        queue.ready();
        (queue.isFresh() ? fresh : due).add(queue);
    }

    /** Its turn comes after {@link UserQueue#notBefore}. */
    void await(UserQueue queue) {
        queue.waiting();
        waiting.add(queue);
    }

    /** One whose time has come, who waits no longer; null when there is none. */
    @Nullable
    UserQueue wake(long now) {
        UserQueue first = waiting.peek();
        return first != null && first.notBefore() <= now ? waiting.poll() : null;
    }

    /**
     * Whose turn it is, or null when nobody's. Retries go before new deliveries, which may never end. While the endpoint is parked,
     * as everything fails, new ones go first, from either end by turns: the endpoint may accept one, and the newest rather than
     * the oldest.
     */
    @Nullable
    UserQueue poll(boolean parked) {
        if (due.isEmpty() || parked && !fresh.isEmpty()) {
            probeNewest = parked && !probeNewest;
            return probeNewest ? fresh.pollLast() : fresh.poll();
        }
        return due.poll();
    }

    /** How many could be sent at once if there were room. */
    int count() {
        return fresh.size() + due.size();
    }

    /** When the first of those who wait is due; at most {@code latest}. */
    long nextAt(long latest) {
        UserQueue first = waiting.peek();
        return first == null ? latest : Math.min(latest, first.notBefore());
    }

    /** Who waits, in no order. */
    Collection<UserQueue> waiting() {
        return Collections.unmodifiableCollection(waiting);
    }

    /** Who waited, and waits no longer. */
    List<UserQueue> takeWaiting() {
        List<UserQueue> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    void remove(Lane lane) {
        fresh.removeIf(queue -> queue.lane() == lane);
        due.removeIf(queue -> queue.lane() == lane);
        waiting.removeIf(queue -> queue.lane() == lane);
    }
}

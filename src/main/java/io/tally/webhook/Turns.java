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
    private final Deque<Line> fresh = new ArrayDeque<>();
    private final Deque<Line> due = new ArrayDeque<>();
    private final PriorityQueue<Line> waiting = new PriorityQueue<>(Comparator.comparingLong(line -> line.notBefore));
    private boolean probeNewest;

    /** Its turn will come. */
    void ready(Line line) {
        line.stage = Line.Stage.READY;
        (line.isFresh() ? fresh : due).add(line);
    }

    /** Its turn comes after {@link Line#notBefore}. */
    void await(Line line) {
        line.stage = Line.Stage.WAITING;
        waiting.add(line);
    }

    /** One whose time has come, who waits no longer; null when there is none. */
    @Nullable
    Line wake(long now) {
        Line first = waiting.peek();
        return first != null && first.notBefore <= now ? waiting.poll() : null;
    }

    /**
     * Whose turn it is, or null when nobody's. Those who were tried before go first, since new ones may never end. Not where everything
     * fails: one that was never tried may be what the endpoint takes, and the newest the soonest, if it is the oldest that it
     * cannot digest.
     */
    @Nullable
    Line poll(boolean parked) {
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
        Line first = waiting.peek();
        return first == null ? latest : Math.min(latest, first.notBefore);
    }

    /** Who waits, in no order. */
    Collection<Line> waiting() {
        return Collections.unmodifiableCollection(waiting);
    }

    /** Who waited, and waits no longer. */
    List<Line> takeWaiting() {
        List<Line> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    void remove(Lane lane) {
        fresh.removeIf(line -> line.lane == lane);
        due.removeIf(line -> line.lane == lane);
        waiting.removeIf(line -> line.lane == lane);
    }
}

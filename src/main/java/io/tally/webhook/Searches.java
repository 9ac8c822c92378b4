package io.tally.webhook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for a {@link Scan} to find in the log what comes next for it, those who wait the longest first. For one thread. */
final class Searches {
    private final Backlog backlog;
    private final int events;
    private final Map<Lane, List<UserQueue>> toRead = new LinkedHashMap<>();

    /**
     * Nobody waits yet.
     *
     * @param backlog what scans bring their findings to
     * @param events how many one scan may find in all
     */
    Searches(Backlog backlog, int events) {
        this.backlog = backlog;
        this.events = events;
    }

    /** What comes next for a queue must be read again; what reads for it already goes on. */
    void await(UserQueue queue) {
        queue.needsRead();
        if (queue.scan() == null) {
            toRead.computeIfAbsent(queue.lane(), lane -> new ArrayList<>()).add(queue);
        }
    }

    /** Those of a partition who wait for a scan, and no longer: they are the scan's now. Null when nobody does. */
    @Nullable
    Scan start(int partition) {
        for (Map.Entry<Lane, List<UserQueue>> entry : toRead.entrySet()) {
            if (entry.getKey().partition() == partition) {
                toRead.remove(entry.getKey());
                return new Scan(backlog, entry.getKey(), entry.getValue(), events);
            }
        }
        return null;
    }

    /** Whether somebody waits for a scan of this partition. */
    boolean areAwaited(int partition) {
        return toRead.keySet().stream().anyMatch(lane -> lane.partition() == partition);
    }

    void remove(Lane lane) {
        toRead.remove(lane);
    }
}

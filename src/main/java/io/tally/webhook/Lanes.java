package io.tally.webhook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lanes of one endpoint: what is new in each partition, and what is told again beside it. For one thread. */
final class Lanes implements Iterable<Lane> {
    private final List<Lane> lanes = new ArrayList<>();

    void add(Lane lane) {
        lanes.add(lane);
    }

    void remove(Lane lane) {
        lanes.remove(lane);
    }

    @Override
    public Iterator<Lane> iterator() {
        return lanes.iterator();
    }

    Stream<Lane> stream() {
        return lanes.stream();
    }

    /** A replay must not be ahead of what is new: of a user who has something undelivered there, it is told there. */
    boolean isToldLive(Lane lane, Event event) {
        if (lane.isLive()) {
            return false;
        }
        for (Lane other : lanes) {
            if (other.isLive() && other.partition() == lane.partition()) {
                UserQueue queue = other.queue(event.userId());
                return event.offset() >= other.next() || queue != null && queue.from() <= event.offset();
            }
        }
        return false;
    }

    /** The progress of all says something that has changed. */
    void changed() {
        lanes.forEach(Lane::changed);
    }

    /** How many users have something undelivered, those of each lane. */
    int queueCount() {
        return lanes.stream().mapToInt(lane -> lane.queues().size()).sum();
    }

    /** When the oldest undelivered outcome was recorded, replays left out; null when there is none, or it was not read yet. */
    @Nullable
    Long oldestPendingAt() {
        return lanes.stream()
                .filter(Lane::isLive)
                .flatMap(lane -> lane.queues().stream())
                .map(UserQueue::pendingSince)
                .filter(time -> time > 0)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}

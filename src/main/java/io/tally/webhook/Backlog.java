package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint has still to be told, and in which order: per user as in the log, users beside each other. Knows neither Kafka
 * nor the network. All times are milliseconds since 1970 UTC. For one thread.
 *
 * <p>The log is the queue. Outcomes are held here for what is sent next, at most about {@link Bounds#events}; those of a user whose
 * first one waits for another attempt are dropped when room is needed ({@link UserQueue#complete}), and read again when their turn
 * comes ({@link Scan}).
 */
final class Backlog {
    /**
     * What is held at most.
     *
     * @param events outcomes in memory; one batch that was read more can come on top
     * @param queues users with something undelivered; nothing new is read for others while there are so many
     */
    record Bounds(int events, int queues) {
        /** Outcomes have less than 1.5 KiB: about 3 MiB for each endpoint. */
        static final Bounds STANDARD = new Bounds(2_000, 2_000);
    }

    private final String topicId;
    private final Bounds bounds;
    private final PendingWrites writes;
    private final long begin;
    private final List<Lane> lanes = new ArrayList<>();
    private final Turns turns = new Turns();
    private final Searches searches;

    private Endpoint endpoint;
    private int events;

    /**
     * An empty backlog.
     *
     * @param topicId of the topic that offsets are of
     * @param begin when it begins
     */
    Backlog(Endpoint endpoint, String topicId, Bounds bounds, long begin) {
        this.endpoint = endpoint;
        this.topicId = topicId;
        this.bounds = bounds;
        this.begin = begin;
        this.writes = new PendingWrites(endpoint.id());
        this.searches = new Searches(this, bounds.events());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * The endpoint was changed. What it wants holds for all that was not sent yet, also for what was passed over behind an outcome
     * that still waits: so that is read again, and what {@link #isToldLive} says of it stays true.
     */
    void change(Endpoint changed) {
        boolean wantsTheSame = changed.eventTypes().equals(endpoint.eventTypes())
                && changed.users().equals(endpoint.users());
        endpoint = changed;
        if (!wantsTheSame) {
            lanes.forEach(lane -> lane.queues.values().forEach(this::readAgain));
        }
    }

    Turns turns() {
        return turns;
    }

    Searches searches() {
        return searches;
    }

    PendingWrites writes() {
        return writes;
    }

    Collection<Lane> lanes() {
        return lanes;
    }

    /** Adds a lane of which the progress says nothing yet; but it shall say soon what topic its place is of. */
    void add(Lane lane) {
        lane.dirty = true;
        lanes.add(lane);
    }

    /** Adds a lane as the progress has it. */
    void restore(Lane lane, Lane.Stored stored) {
        lane.dirty = stored.progress().topicId() == null;
        lanes.add(lane);
        for (Delivery delivery : stored.waiting()) {
            UserQueue queue = UserQueue.restored(lane, delivery, begin);
            lane.queues.put(queue.userId, queue);
            turns.await(queue);
        }
        stored.progress().open().forEach((user, from) -> {
            // One that waits as well was delivered up to there.
            if (!lane.queues.containsKey(user)) {
                UserQueue queue = UserQueue.restored(lane, user, from);
                lane.queues.put(user, queue);
                searches.await(queue);
            }
        });
    }

    /** The log ends before what a lane has taken up: it is not the log that was. */
    void beginAnew(Lane lane, long beginning) {
        remove(lane);
        Lane anew = lane.isLive()
                ? Lane.live(lane.partition, beginning)
                // What is new tells all of it.
                : Lane.replay(lane.name, lane.partition, lane.end, lane.end);
        add(anew);
    }

    /** Adds a lane in place of what the progress has. */
    void replace(Lane old, Lane.Stored stored, Lane lane) {
        restore(old, stored);
        remove(old);
        add(lane);
    }

    /** Takes a lane out, with all that is kept of it. */
    void remove(Lane lane) {
        lanes.remove(lane);
        searches.remove(lane);
        turns.remove(lane);
        for (UserQueue queue : lane.queues.values()) {
            events -= queue.events.size();
        }
        writes.forget(lane);
        lane.queues.clear();
    }

    /** Whether more can be read. Makes room where it can. */
    boolean hasRoom() {
        return hasRoomForScan() && queueCount() < bounds.queues();
    }

    /** Whether what was read again can be held; for this, the number of users does not count. */
    boolean hasRoomForScan() {
        if (events >= bounds.events()) {
            spill();
        }
        return events < bounds.events();
    }

    private void spill() {
        for (UserQueue queue : turns.waiting()) {
            drop(queue, 0);
        }
    }

    /** Drops all but what is sent next or under way. */
    private void readAgain(UserQueue queue) {
        boolean searched = queue.scan != null;
        drop(queue, queue.stage == UserQueue.Stage.READY || queue.stage == UserQueue.Stage.SENDING ? 1 : 0);
        if (searched && queue.stage == UserQueue.Stage.NEEDS_READ) {
            searches.await(queue);
        }
    }

    private void drop(UserQueue queue, int kept) {
        while (queue.events.size() > kept) {
            queue.events.removeLast();
            events--;
        }
        queue.complete = false;
        // What it has found is gone: what follows must not be taken for what comes next.
        if (queue.scan != null) {
            queue.scan.drop(queue);
        }
    }

    /** Takes up the next outcome of a lane. */
    void take(Lane lane, Event event) {
        lane.next = event.offset() + 1;
        lane.dirty = true;
        if (!endpoint.wants(event.type(), event.userId()) || isToldLive(lane, event)) {
            return;
        }
        UserQueue queue = lane.queues.get(event.userId());
        if (queue == null) {
            queue = UserQueue.of(lane, event);
            lane.queues.put(queue.userId, queue);
            events++;
            turns.ready(queue);
        } else if (queue.complete) {
            queue.events.add(event);
            events++;
        }
    }

    /** A replay must not be ahead of what is new: of a user who has something undelivered there, it is told there. */
    boolean isToldLive(Lane lane, Event event) {
        if (lane.isLive()) {
            return false;
        }
        for (Lane other : lanes) {
            if (other.isLive() && other.partition == lane.partition) {
                UserQueue queue = other.queues.get(event.userId());
                return event.offset() >= other.next || queue != null && queue.from <= event.offset();
            }
        }
        return false;
    }

    /** Nothing before this offset is left in the lane's log, be it what it may. */
    void skipTo(Lane lane, long next) {
        if (next > lane.next) {
            lane.next = next;
            lane.dirty = true;
        }
    }

    /** It waits no longer: its turn will come, or what comes next for it is read. */
    void rouse(UserQueue queue) {
        if (queue.events.isEmpty()) {
            searches.await(queue);
        } else {
            turns.ready(queue);
        }
    }

    /** A scan has found what comes next for a queue. */
    void found(UserQueue queue, Event event) {
        queue.events.add(event);
        events++;
        if (queue.stage == UserQueue.Stage.NEEDS_READ) {
            if (queue.from != event.offset()) {
                forgetAttempts(queue);
            }
            queue.from = event.offset();
            queue.pendingSince = event.recordedAtMillis();
            rouse(queue);
        }
    }

    /**
     * A scan is over for a queue; what it found is in the queue.
     *
     * @param position nothing before it is left to be found
     */
    void scanned(UserQueue queue, long position) {
        if (queue.stage != UserQueue.Stage.NEEDS_READ || queue.lane.queues.get(queue.userId) != queue) {
            return;
        }
        if (queue.complete) {
            leave(queue);
        } else {
            queue.from = Math.max(queue.from, position);
            queue.lane.dirty = true;
            searches.await(queue);
        }
    }

    /** What is at the front is done with. */
    void advance(UserQueue queue) {
        Event done = queue.events.remove();
        events--;
        queue.forgiven = false;
        forgetAttempts(queue);
        Event following = queue.events.peek();
        if (following != null) {
            queue.from = following.offset();
            queue.pendingSince = following.recordedAtMillis();
            rouse(queue);
        } else if (queue.complete) {
            leave(queue);
        } else {
            queue.from = done.offset() + 1;
            searches.await(queue);
        }
    }

    private void leave(UserQueue queue) {
        queue.lane.queues.remove(queue.userId);
        forgetAttempts(queue);
    }

    /** What is at the front has no past, or no longer. */
    void forgetAttempts(UserQueue queue) {
        queue.attempts.clear();
        queue.lane.dirty = true;
        if (queue.stored) {
            queue.stored = false;
            writes.noLongerWaiting(queue);
        }
    }

    /** The progress of all lanes says something that has changed. */
    void progressChanged() {
        lanes.forEach(lane -> lane.dirty = true);
    }

    int eventsInMemory() {
        return events;
    }

    int queueCount() {
        return lanes.stream().mapToInt(lane -> lane.queues.size()).sum();
    }

    /** When the oldest undelivered outcome was recorded, replays left out; null when there is none, or it was not read yet. */
    @Nullable
    Long oldestPendingAt() {
        return lanes.stream()
                .filter(Lane::isLive)
                .flatMap(lane -> lane.queues.values().stream())
                .map(queue -> queue.pendingSince)
                .filter(time -> time > 0)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * What has changed since the last call and must be written, all of it together.
     *
     * @param failingSince of the endpoint's health
     */
    List<PendingWrites.Write> takeWrites(long failingSince) {
        for (Lane lane : lanes) {
            if (lane.dirty) {
                writes.progress(lane, lane.progress(endpoint.createdAt(), failingSince, topicId));
                lane.dirty = false;
            }
        }
        return writes.take();
    }
}

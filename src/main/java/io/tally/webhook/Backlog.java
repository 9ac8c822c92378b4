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
 * first one waits for another attempt are dropped when room is needed ({@link Line#complete}), and read again when their turn
 * comes ({@link Scan}).
 */
final class Backlog {
    /**
     * What is held at most.
     *
     * @param events outcomes in memory; one batch that was read more can come on top
     * @param lines users with something undelivered; nothing new is read for others while there are so many
     */
    record Bounds(int events, int lines) {
        /** Outcomes have less than 1.5 KiB: about 3 MiB for each endpoint. */
        static final Bounds STANDARD = new Bounds(2_000, 2_000);
    }

    private final String topicId;
    private final Bounds bounds;
    private final Changes changes;
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
        this.changes = new Changes(endpoint.id());
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
            lanes.forEach(lane -> lane.lines.values().forEach(this::readAgain));
        }
    }

    Turns turns() {
        return turns;
    }

    Searches searches() {
        return searches;
    }

    Changes changes() {
        return changes;
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
            Line line = Line.restored(lane, delivery, begin);
            lane.lines.put(line.userId, line);
            turns.await(line);
        }
        stored.progress().open().forEach((user, from) -> {
            // One that waits as well was delivered up to there.
            if (!lane.lines.containsKey(user)) {
                Line line = Line.restored(lane, user, from);
                lane.lines.put(user, line);
                searches.await(line);
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
        for (Line line : lane.lines.values()) {
            events -= line.queue.size();
        }
        changes.forget(lane);
        lane.lines.clear();
    }

    /** Whether more can be read. Makes room where it can. */
    boolean hasRoom() {
        return hasRoomForScan() && lineCount() < bounds.lines();
    }

    /** Whether what was read again can be held; for this, the number of users does not count. */
    boolean hasRoomForScan() {
        if (events >= bounds.events()) {
            spill();
        }
        return events < bounds.events();
    }

    private void spill() {
        for (Line line : turns.waiting()) {
            drop(line, 0);
        }
    }

    /** Drops all but what is sent next or under way. */
    private void readAgain(Line line) {
        boolean searched = line.scan != null;
        drop(line, line.stage == Line.Stage.READY || line.stage == Line.Stage.SENDING ? 1 : 0);
        if (searched && line.stage == Line.Stage.HUNGRY) {
            searches.await(line);
        }
    }

    private void drop(Line line, int kept) {
        while (line.queue.size() > kept) {
            line.queue.removeLast();
            events--;
        }
        line.complete = false;
        // What it has found is gone: what follows must not be taken for what comes next.
        if (line.scan != null) {
            line.scan.drop(line);
        }
    }

    /** Takes up the next outcome of a lane. */
    void take(Lane lane, Event event) {
        lane.next = event.offset() + 1;
        lane.dirty = true;
        if (!endpoint.wants(event.type(), event.userId()) || isToldLive(lane, event)) {
            return;
        }
        Line line = lane.lines.get(event.userId());
        if (line == null) {
            line = Line.of(lane, event);
            lane.lines.put(line.userId, line);
            events++;
            turns.ready(line);
        } else if (line.complete) {
            line.queue.add(event);
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
                Line line = other.lines.get(event.userId());
                return event.offset() >= other.next || line != null && line.from <= event.offset();
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
    void rouse(Line line) {
        if (line.queue.isEmpty()) {
            searches.await(line);
        } else {
            turns.ready(line);
        }
    }

    /** A scan has found what comes next for a line. */
    void found(Line line, Event event) {
        line.queue.add(event);
        events++;
        if (line.stage == Line.Stage.HUNGRY) {
            if (line.from != event.offset()) {
                forgetAttempts(line);
            }
            line.from = event.offset();
            line.pendingSince = event.recordedAtMillis();
            rouse(line);
        }
    }

    /**
     * A scan is over for a line; what it found is in the queue.
     *
     * @param position nothing before it is left to be found
     */
    void scanned(Line line, long position) {
        if (line.stage != Line.Stage.HUNGRY || line.lane.lines.get(line.userId) != line) {
            return;
        }
        if (line.complete) {
            leave(line);
        } else {
            line.from = Math.max(line.from, position);
            line.lane.dirty = true;
            searches.await(line);
        }
    }

    /** What is at the front is done with. */
    void advance(Line line) {
        Event done = line.queue.remove();
        events--;
        line.forgiven = false;
        forgetAttempts(line);
        Event following = line.queue.peek();
        if (following != null) {
            line.from = following.offset();
            line.pendingSince = following.recordedAtMillis();
            rouse(line);
        } else if (line.complete) {
            leave(line);
        } else {
            line.from = done.offset() + 1;
            searches.await(line);
        }
    }

    private void leave(Line line) {
        line.lane.lines.remove(line.userId);
        forgetAttempts(line);
    }

    /** What is at the front has no past, or no longer. */
    void forgetAttempts(Line line) {
        line.attempts.clear();
        line.lane.dirty = true;
        if (line.stored) {
            line.stored = false;
            changes.noLongerWaiting(line);
        }
    }

    /** The progress of all lanes says something that has changed. */
    void progressChanged() {
        lanes.forEach(lane -> lane.dirty = true);
    }

    int eventsInMemory() {
        return events;
    }

    int lineCount() {
        return lanes.stream().mapToInt(lane -> lane.lines.size()).sum();
    }

    /** When the oldest undelivered outcome was recorded, replays left out; null when there is none, or it was not read yet. */
    @Nullable
    Long oldestPendingAt() {
        return lanes.stream()
                .filter(Lane::isLive)
                .flatMap(lane -> lane.lines.values().stream())
                .map(line -> line.pendingSince)
                .filter(time -> time > 0)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * What has changed since the last call and must be written, all of it together.
     *
     * @param failingSince of the endpoint's health
     */
    List<Changes.Change> takeChanges(long failingSince) {
        for (Lane lane : lanes) {
            if (lane.dirty) {
                changes.progress(lane, lane.progress(endpoint.createdAt(), failingSince, topicId));
                lane.dirty = false;
            }
        }
        return changes.take();
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.Progress;
import java.util.List;

/**
 * What one endpoint has still to be told, and in which order: per user as in the log, users beside each other. Knows neither Kafka
 * nor the network. All times are milliseconds since 1970 UTC. For one thread.
 *
 * <p>The log is the queue. Outcomes are held here for what is sent next, at most about {@link Room.Bounds#events}; those of a user
 * whose first one waits for another attempt are dropped when room is needed ({@link Room}), and read again when their turn comes
 * ({@link Scan}).
 */
final class Backlog {
    private final String topicId;
    private final PendingWrites writes;
    private final long begin;
    private final Lanes lanes = new Lanes();
    private final Turns turns = new Turns();
    private final Room room;
    private final Searches searches;

    private Endpoint endpoint;

    /**
     * An empty backlog.
     *
     * @param topicId of the topic that offsets are of
     * @param begin when it begins
     */
    Backlog(Endpoint endpoint, String topicId, Room.Bounds bounds, long begin) {
        this.endpoint = endpoint;
        this.topicId = topicId;
        this.room = new Room(bounds, turns);
        this.begin = begin;
        this.writes = new PendingWrites(endpoint.id());
        this.searches = new Searches(this, bounds.events());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * The endpoint was changed. What it wants holds for all that was not sent yet, also for what was passed over behind an outcome
     * that still waits: so that is read again, and what {@link Lanes#isToldLive} says of it stays true.
     */
    void change(Endpoint changed) {
        boolean wantsTheSame = changed.eventTypes().equals(endpoint.eventTypes())
                && changed.users().equals(endpoint.users());
        endpoint = changed;
        if (!wantsTheSame) {
            lanes.forEach(lane -> lane.queues().forEach(this::readAgain));
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

    Lanes lanes() {
        return lanes;
    }

    /** Adds a lane of which the progress says nothing yet; but it shall say soon what topic its place is of. */
    void add(Lane lane) {
        lane.changed();
        lanes.add(lane);
    }

    /** Adds a lane as the progress has it. */
    void restore(Lane lane, Lane.Stored stored) {
        if (stored.progress().topicId() == null) {
            lane.changed();
        }
        lanes.add(lane);
        for (Delivery delivery : stored.waiting()) {
            UserQueue queue = UserQueue.restored(lane, delivery, begin);
            lane.add(queue);
            turns.await(queue);
        }
        stored.progress().open().forEach((user, from) -> {
            // One that waits as well was delivered up to there.
            if (lane.queue(user) == null) {
                UserQueue queue = UserQueue.restored(lane, user, from);
                lane.add(queue);
                searches.await(queue);
            }
        });
    }

    /** The log ends before what a lane has taken up: it is not the log that was. */
    void beginAnew(Lane lane, long beginning) {
        remove(lane);
        Lane anew = lane.isLive()
                ? Lane.live(lane.partition(), beginning)
                // What is new tells all of it.
                : Lane.replay(lane.name(), lane.partition(), lane.end(), lane.end());
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
        lane.queues().forEach(room::release);
        writes.forget(lane);
        lane.removeQueues();
    }

    /** Whether more can be read. Makes room where it can. */
    boolean hasRoom() {
        return room.isLeft(lanes.queueCount());
    }

    /** Whether what was read again can be held; for this, the number of users does not count. */
    boolean hasRoomForScan() {
        return room.isLeftForScan();
    }

    /** Drops all but what is sent next or under way. */
    private void readAgain(UserQueue queue) {
        boolean searched = queue.scan() != null;
        room.drop(queue, queue.isReadyOrSending() ? 1 : 0);
        if (searched && queue.isToBeRead()) {
            searches.await(queue);
        }
    }

    /** Takes up the next outcome of a lane. */
    void take(Lane lane, Event event) {
        lane.takenUp(event);
        if (!endpoint.wants(event.type(), event.userId()) || lanes.isToldLive(lane, event)) {
            return;
        }
        UserQueue queue = lane.queue(event.userId());
        if (queue == null) {
            queue = UserQueue.beginning(lane, event);
            lane.add(queue);
            room.add(queue, event);
            turns.ready(queue);
        } else if (queue.isComplete()) {
            room.add(queue, event);
        }
    }

    /** It waits no longer: its turn will come, or what comes next for it is read. */
    void rouse(UserQueue queue) {
        if (queue.isEmpty()) {
            searches.await(queue);
        } else {
            turns.ready(queue);
        }
    }

    /** A scan has found what comes next for a queue. */
    void found(UserQueue queue, Event event) {
        room.add(queue, event);
        if (queue.isToBeRead()) {
            if (queue.from() != event.offset()) {
                forgetAttempts(queue);
            }
            queue.startAt(event);
            rouse(queue);
        }
    }

    /**
     * A scan is over for a queue; what it found is in the queue.
     *
     * @param position nothing before it is left to be found
     */
    void scanned(UserQueue queue, long position) {
        if (!queue.isToBeRead() || !queue.lane().has(queue)) {
            return;
        }
        if (queue.isComplete()) {
            leave(queue);
        } else {
            queue.startNotBefore(position);
            searches.await(queue);
        }
    }

    /** What is at the front is done with. */
    void advance(UserQueue queue) {
        Event done = room.removeFront(queue);
        forgetAttempts(queue);
        if (!queue.isEmpty()) {
            queue.startAt(queue.front());
            rouse(queue);
        } else if (queue.isComplete()) {
            leave(queue);
        } else {
            queue.startBehind(done);
            searches.await(queue);
        }
    }

    private void leave(UserQueue queue) {
        queue.lane().remove(queue);
        forgetAttempts(queue);
    }

    /** What is at the front has no past, or no longer. */
    void forgetAttempts(UserQueue queue) {
        if (queue.forgetAttempts()) {
            writes.noLongerWaiting(queue);
        }
    }

    int eventsInMemory() {
        return room.events();
    }

    /**
     * What has changed since the last call and must be written, all of it together.
     *
     * @param failingSince of the endpoint's health
     */
    List<PendingWrites.Write> takeWrites(long failingSince) {
        for (Lane lane : lanes) {
            Progress changed = lane.takeProgress(endpoint.createdAt(), failingSince, topicId);
            if (changed != null) {
                writes.progress(lane, changed);
            }
        }
        return writes.take();
    }
}

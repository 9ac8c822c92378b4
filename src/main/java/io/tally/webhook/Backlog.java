package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
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

    /** What is shorter may be nothing but some deliveries that the endpoint cannot digest, while there is nothing else. */
    private static final long OUTAGE_MS = Duration.ofMinutes(1).toMillis();

    private final Bounds bounds;
    private final RetrySchedule schedule;
    private final DoubleSupplier chance;
    private final Changes changes;
    private final List<Lane> lanes = new ArrayList<>();
    private final Turns turns = new Turns();
    /** Those who wait the longest first. */
    private final Map<Lane, List<Line>> hungry = new LinkedHashMap<>();

    private Endpoint endpoint;
    private Health health;
    private long now;
    private int events;
    private int lines;
    private int underWay;

    /**
     * An empty backlog.
     *
     * @param failingSince what the progress says
     * @param now when it begins
     * @param chance 0 to 1, for jitter
     */
    Backlog(
            Endpoint endpoint,
            RetrySchedule schedule,
            Bounds bounds,
            long failingSince,
            long now,
            DoubleSupplier chance) {
        this.now = now;
        this.bounds = bounds;
        this.endpoint = endpoint;
        this.schedule = schedule;
        this.chance = chance;
        this.changes = new Changes(endpoint.id());
        this.health = new Health(schedule, failingSince, now);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Health health() {
        return health;
    }

    Collection<Lane> lanes() {
        return lanes;
    }

    void add(Lane lane) {
        lanes.add(lane);
    }

    /** Adds a lane as the progress has it. */
    void restore(Lane lane, Lane.Stored stored) {
        lanes.add(lane);
        for (Delivery delivery : stored.waiting()) {
            Line line = Line.restored(lane, delivery, now);
            lane.lines.put(line.userId, line);
            lines++;
            turns.await(line);
        }
        stored.progress().open().forEach((user, from) -> {
            // One that waits as well was delivered up to there.
            if (!lane.lines.containsKey(user)) {
                Line line = Line.restored(lane, user, from);
                lane.lines.put(user, line);
                lines++;
                starve(line);
            }
        });
    }

    /** Adds a lane in place of what the progress has. */
    void replace(Lane old, Lane.Stored stored, Lane lane) {
        restore(old, stored);
        remove(old);
        lane.dirty = true;
        add(lane);
    }

    /** Takes a lane out, with all that is kept of it. */
    void remove(Lane lane) {
        lanes.remove(lane);
        hungry.remove(lane);
        turns.remove(lane);
        for (Line line : lane.lines.values()) {
            events -= line.queue.size();
            lines--;
        }
        changes.forget(lane);
        lane.lines.clear();
    }

    /** The endpoint was changed. One that is told something again, or elsewhere, begins without a past. */
    void change(Endpoint changed) {
        boolean anew =
                changed.isActive() && !endpoint.isActive() || !changed.url().equals(endpoint.url());
        endpoint = changed;
        if (anew) {
            turns.waiting().forEach(line -> line.forgiven = false);
            forgive(0);
            health = new Health(schedule, 0, now);
            lanes.forEach(lane -> lane.dirty = true);
        }
    }

    /** Whether more can be read. Makes room where it can. */
    boolean hasRoom() {
        return hasRoomForScan() && lines < bounds.lines();
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
            events -= line.queue.size();
            line.queue.clear();
            line.complete = false;
            // What it has found is gone: what follows must not be taken for what comes next.
            if (line.scan != null) {
                line.scan.drop(line);
            }
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
            lines++;
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

    /** Gives turns to those whose time has come. */
    void wake(long time) {
        now = time;
        for (Line line = turns.wake(now); line != null; line = turns.wake(now)) {
            rouse(line);
        }
    }

    private void rouse(Line line) {
        if (line.queue.isEmpty()) {
            starve(line);
        } else {
            turns.ready(line);
        }
    }

    private void starve(Line line) {
        line.stage = Line.Stage.HUNGRY;
        if (line.scan == null) {
            hungry.computeIfAbsent(line.lane, lane -> new ArrayList<>()).add(line);
        }
    }

    /** Those of a partition who wait for a scan, and no longer: they are the scan's now. Null when nobody does. */
    @Nullable
    Scan startScan(int partition) {
        for (Map.Entry<Lane, List<Line>> entry : hungry.entrySet()) {
            if (entry.getKey().partition == partition) {
                hungry.remove(entry.getKey());
                return new Scan(this, entry.getKey(), entry.getValue(), bounds.events());
            }
        }
        return null;
    }

    /** Whether somebody waits for a scan of this partition. */
    boolean isHungry(int partition) {
        return hungry.keySet().stream().anyMatch(lane -> lane.partition == partition);
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
            starve(line);
        }
    }

    /** The next outcome to be sent, or null when there is none or no room. Its line sends from here on. */
    @Nullable
    Line next(long now, int concurrency) {
        if (!endpoint.isActive() || health.room(now, concurrency, underWay) <= 0) {
            return null;
        }
        Line line = turns.poll(health.isParked());
        while (line != null && !isWanted(line)) {
            advance(line);
            line = turns.poll(health.isParked());
        }
        if (line != null) {
            line.stage = Line.Stage.SENDING;
            underWay++;
        }
        return line;
    }

    /** What it wants may have changed since it was read. */
    private boolean isWanted(Line line) {
        return endpoint.wants(line.queue.element().type(), line.userId);
    }

    /** What came of an attempt. */
    enum Verdict {
        /** The endpoint has it. */
        DELIVERED,
        /** It will be tried again. */
        FAILED,
        /** It will not be tried again. */
        DEAD
    }

    /**
     * The answer to what a line sent.
     *
     * @param url where it was sent; what another than the present one answers says nothing of the endpoint
     */
    Verdict answered(Line line, URI url, AttemptResult result) {
        underWay--;
        boolean present = url.equals(endpoint.url());
        if (result.attempt().isSuccess()) {
            if (present) {
                noteSuccess();
            }
            delivered(line);
            return Verdict.DELIVERED;
        }
        boolean wasParked = health.isParked();
        if (present) {
            noteFailure(result, line.isFresh());
        }
        return failed(line, result, wasParked);
    }

    private void noteFailure(AttemptResult result, boolean first) {
        if (health.failingSince() == 0) {
            lanes.forEach(lane -> lane.dirty = true);
        }
        health.failed(result.attempt().at(), first, now, result.retryAfter());
    }

    private void noteSuccess() {
        long failingSince = health.failingSince();
        boolean wasParked = health.isParked();
        health.delivered();
        if (failingSince != 0) {
            lanes.forEach(lane -> lane.dirty = true);
        }
        if (wasParked && now - failingSince >= OUTAGE_MS) {
            forgive(failingSince);
        }
    }

    private void delivered(Line line) {
        if (isPresent(line)) {
            if (!line.lane.isLive()) {
                changes.noLongerDead(line.queue.element());
            }
            advance(line);
        }
    }

    private Verdict failed(Line line, AttemptResult result, boolean wasParked) {
        if (!isPresent(line)) {
            return Verdict.FAILED;
        }
        line.note(result.attempt());
        if (schedule.isExhausted(line.attempts.size()) && !result.isGone() && !wasParked) {
            changes.dead(line.delivery(line.queue.element(), null));
            advance(line);
            return Verdict.DEAD;
        }
        int attempts = Math.min(line.attempts.size(), schedule.waits().size());
        line.notBefore = Math.max(now + schedule.waitMillis(attempts, chance.getAsDouble()), heldUntil(result));
        turns.await(line);
        changes.waiting(line, line.delivery(line.queue.element(), line.notBefore));
        if (!line.stored) {
            line.stored = true;
            line.lane.dirty = true;
        }
        return Verdict.FAILED;
    }

    private long heldUntil(AttemptResult result) {
        return result.retryAfter() == null ? 0 : now + result.retryAfter().toMillis();
    }

    /** A lane may have been taken out while the line was sending. */
    private static boolean isPresent(Line line) {
        return line.lane.lines.get(line.userId) == line;
    }

    /** What is at the front is done with. */
    private void advance(Line line) {
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
            starve(line);
        }
    }

    private void leave(Line line) {
        line.lane.lines.remove(line.userId);
        lines--;
        forgetAttempts(line);
    }

    private void forgetAttempts(Line line) {
        line.attempts.clear();
        line.lane.dirty = true;
        if (line.stored) {
            line.stored = false;
            changes.noLongerWaiting(line);
        }
    }

    /**
     * Failures since this time were the endpoint's and not the deliveries': those that failed only since then begin anew, at once,
     * and once.
     */
    private void forgive(long since) {
        for (Line line : turns.takeWaiting()) {
            if (!line.forgiven && line.attempts.get(0).at() >= since) {
                line.forgiven = true;
                forgetAttempts(line);
                rouse(line);
            } else {
                turns.await(line);
            }
        }
    }

    /** When there is something to do that only time brings, and no answer; at most {@code latest}. */
    long wakeAt(int concurrency, long latest) {
        long at = turns.nextAt(latest);
        boolean answersFirst = underWay >= (health.isParked() ? 1 : concurrency);
        return ready() == 0 || answersFirst || !endpoint.isActive() ? at : Math.min(at, health.roomAgainAt());
    }

    int underWay() {
        return underWay;
    }

    /** How many could be sent at once if there were room. */
    int ready() {
        return turns.count();
    }

    int eventsInMemory() {
        return events;
    }

    int lineCount() {
        return lines;
    }

    /** When the oldest undelivered outcome was recorded; null when there is none, or it was not read yet. */
    @Nullable
    Long oldestPendingAt() {
        return lanes.stream()
                .flatMap(lane -> lane.lines.values().stream())
                .map(line -> line.pendingSince)
                .filter(time -> time > 0)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** What has changed since the last call and must be written, all of it together. */
    List<Changes.Change> takeChanges() {
        for (Lane lane : lanes) {
            if (lane.dirty) {
                changes.progress(lane, lane.progress(endpoint.createdAt(), health.failingSince()));
                lane.dirty = false;
            }
        }
        return changes.take();
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of which everything around the {@link Backlog} is simulated: the log, the clock, the answers, and what is written
 * of the progress, from which it comes back after a crash.
 */
final class SimulatedEndpoint {
    private static final int CONCURRENCY = 8;
    private static final int BATCH = 20;
    private static final long LATENCY_MS = 5;

    private record Sent(UserQueue queue, Event event) {}

    private record Range(String id, int partition, long from, long to) {}

    private final SplittableRandom random;
    private final RetrySchedule schedule;
    private final Room.Bounds bounds;
    private final List<List<Event>> log;
    private final Map<WebhookKey, Map<Integer, byte[]>> written = new HashMap<>();
    private final List<Sent> underWay = new ArrayList<>();
    private final Map<Integer, Scan> scans = new HashMap<>();
    private final List<Range> replays = new ArrayList<>();
    private final Map<String, byte[]> dead = new LinkedHashMap<>();
    private Endpoint endpoint;
    private Backlog backlog;
    private Dispatch dispatch;

    /** What the endpoint has taken, in this order. */
    final List<Event> taken = new ArrayList<>();

    /** Whether it takes an event at a time. */
    BiPredicate<Event, Long> takes = (event, now) -> true;

    int attempts;
    int mostEvents;
    int mostLines;
    long now = 1_000_000;

    SimulatedEndpoint(
            SplittableRandom random, Endpoint endpoint, RetrySchedule schedule, Room.Bounds bounds, int partitions) {
        this.random = random;
        this.endpoint = endpoint;
        this.schedule = schedule;
        this.bounds = bounds;
        this.log = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            log.add(new ArrayList<>());
        }
        restore();
    }

    /** Adds to the log. Some offsets hold no outcome, as those of markers do. */
    Event decide(String user) {
        return decide(user, EventType.TRANSACTION_ACCEPTED);
    }

    Event decide(String user, EventType type) {
        int partition = Math.floorMod(user.hashCode(), log.size());
        List<Event> events = log.get(partition);
        long offset = events.isEmpty() ? 0 : events.get(events.size() - 1).offset() + 1 + random.nextInt(2);
        Event event = Events.of(user, type, partition, offset);
        events.add(event);
        return event;
    }

    List<Event> decided() {
        return log.stream().flatMap(List::stream).toList();
    }

    Dispatch dispatch() {
        return dispatch;
    }

    Map<String, byte[]> dead() {
        return dead;
    }

    void change(Endpoint changed) {
        endpoint = changed;
        dispatch.change(changed);
    }

    void replay(String id, int partition, long from, long to) {
        replays.add(new Range(id, partition, from, to));
        backlog.add(Lane.replay(id, partition, from, to));
    }

    /** One turn of what a worker does. */
    void turn() {
        dispatch.wake(now);
        if (endpoint.isActive()) {
            scan();
            follow();
        }
        send();
        mostEvents = Math.max(mostEvents, backlog.eventsInMemory());
        mostLines = Math.max(mostLines, backlog.lanes().queueCount());
        answerSome();
        now += LATENCY_MS;
    }

    private void follow() {
        for (Lane lane : backlog.lanes().stream().toList()) {
            if (lane.isRead() || !backlog.hasRoom()) {
                continue;
            }
            List<Event> batch = from(lane.partition(), lane.next());
            batch.stream().filter(event -> event.offset() < lane.end()).forEach(event -> backlog.take(lane, event));
            lane.skipTo(Math.min(lane.end(), position(lane.partition(), lane.next(), batch)));
        }
    }

    private void scan() {
        for (int partition = 0; partition < log.size(); partition++) {
            Scan scan = scans.containsKey(partition)
                    ? scans.get(partition)
                    : backlog.searches().start(partition);
            if (scan == null) {
                continue;
            }
            scans.put(partition, scan);
            if (backlog.hasRoomForScan() && !scan.isOver()) {
                List<Event> batch = from(partition, scan.position());
                batch.stream()
                        .filter(event -> scan.isFor(event.userId(), event.offset()))
                        .forEach(scan::read);
                scan.readTo(position(partition, scan.position(), batch));
            }
            if (scan.isOver()) {
                scans.remove(partition);
                scan.end();
            }
        }
    }

    private List<Event> from(int partition, long offset) {
        return log.get(partition).stream()
                .filter(event -> event.offset() >= offset)
                .limit(1 + random.nextInt(BATCH))
                .toList();
    }

    private long position(int partition, long before, List<Event> batch) {
        List<Event> all = log.get(partition);
        long last = batch.isEmpty() ? before - 1 : batch.get(batch.size() - 1).offset();
        boolean end = all.isEmpty() || last >= all.get(all.size() - 1).offset();
        // Behind the last outcome stands a marker.
        return end && !all.isEmpty() ? all.get(all.size() - 1).offset() + 2 - 1 : last + 1;
    }

    private void send() {
        UserQueue queue = dispatch.next(now, CONCURRENCY);
        while (queue != null) {
            underWay.add(new Sent(queue, queue.front()));
            attempts++;
            queue = dispatch.next(now, CONCURRENCY);
        }
    }

    private void answerSome() {
        int count = underWay.isEmpty() ? 0 : random.nextInt(underWay.size() + 1);
        for (int i = 0; i < count; i++) {
            answer(underWay.remove(random.nextInt(underWay.size())));
        }
    }

    private void answer(Sent sent) {
        boolean taking = takes.test(sent.event(), now);
        if (taking) {
            taken.add(sent.event());
        }
        dispatch.answered(
                sent.queue(),
                endpoint.url(),
                new AttemptResult(new Attempt(now - 1, taking ? 204 : 500, 1, null, null), null));
    }

    /** Everything that has changed reaches the progress, or nothing. */
    void write() {
        for (PendingWrites.Write write : dispatch.takeWrites()) {
            if (write.target() == PendingWrites.Target.DEAD) {
                put(dead, write.key().lane(), write.value());
            } else {
                put(written.computeIfAbsent(write.key(), key -> new HashMap<>()), write.partition(), write.value());
            }
        }
    }

    private static <K> void put(Map<K, byte[]> map, K key, byte @Nullable [] value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    /** What is in memory is gone, and nobody knows what became of what is under way: some of it was taken. */
    void crash() {
        for (Sent sent : underWay) {
            if (random.nextBoolean() && takes.test(sent.event(), now)) {
                taken.add(sent.event());
            }
        }
        underWay.clear();
        scans.clear();
        restore();
    }

    private void restore() {
        backlog = new Backlog(endpoint, "a-topic", bounds, now);
        dispatch = new Dispatch(backlog, schedule, failingSince(), now, random::nextDouble);
        for (int partition = 0; partition < log.size(); partition++) {
            Lane.Stored stored = stored(WebhookKey.LIVE, partition);
            if (stored == null) {
                backlog.add(Lane.live(partition, 0));
            } else {
                backlog.restore(Lane.live(partition, stored.progress().next()), stored);
            }
        }
        for (Range replay : replays) {
            Lane.Stored stored = stored(replay.id(), replay.partition());
            if (stored == null) {
                backlog.add(Lane.replay(replay.id(), replay.partition(), replay.from(), replay.to()));
            } else {
                backlog.restore(
                        Lane.replay(
                                replay.id(),
                                replay.partition(),
                                stored.progress().next(),
                                replay.to()),
                        stored);
            }
        }
    }

    private long failingSince() {
        Lane.Stored stored = stored(WebhookKey.LIVE, 0);
        return stored == null ? 0 : stored.progress().failingSince();
    }

    private Lane.@Nullable Stored stored(String lane, int partition) {
        byte[] progress = written.getOrDefault(new WebhookKey(endpoint.id(), lane, null), Map.of())
                .get(partition);
        List<Delivery> waiting = new ArrayList<>();
        written.forEach((key, values) -> {
            byte[] value = values.get(partition);
            if (key.userId() != null && key.lane().equals(lane) && value != null) {
                waiting.add(WebhookCodec.delivery(value));
            }
        });
        return progress == null ? null : new Lane.Stored(WebhookCodec.progress(progress), waiting);
    }

    /** Whether everything was told or is dead, and the progress says so. */
    boolean isDone() {
        boolean read = backlog.lanes().stream()
                .allMatch(lane ->
                        lane.isRead() || from(lane.partition(), lane.next()).isEmpty());
        return read && backlog.lanes().queueCount() == 0 && underWay.isEmpty();
    }

    /** What the progress keeps for single users. */
    List<Object> kept() {
        List<Object> kept = new ArrayList<>();
        written.forEach((key, values) -> values.forEach((partition, value) -> {
            if (key.userId() != null) {
                kept.add(WebhookCodec.delivery(value));
            } else {
                Progress progress = WebhookCodec.progress(value);
                kept.addAll(progress.open().keySet());
            }
        }));
        return kept;
    }
}

package io.tally.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backlog what it has room for: what is new, what is told again, and what was dropped and is needed now. Each has a
 * reader of its own, as they read the same partitions at different places. For one thread.
 */
final class BacklogReader implements AutoCloseable {
    /** Waiting for what is new must not hold up what else is read. */
    private static final Duration SHORT = Duration.ofMillis(2);

    private final Map<String, String> kafka;
    private final String topic;
    private final Backlog backlog;
    private final OutcomeReader live;
    private final Map<Integer, Scan> scans = new HashMap<>();
    private @Nullable OutcomeReader replays;
    private @Nullable OutcomeReader rereads;

    BacklogReader(Map<String, String> kafka, String topic, Backlog backlog) {
        this.kafka = kafka;
        this.topic = topic;
        this.backlog = backlog;
        this.live = new OutcomeReader(kafka, topic);
    }

    /**
     * Reads once.
     *
     * @param wait how long something new is waited for when nothing is there
     * @return whether it has waited, or found something to read
     */
    boolean read(Duration wait) {
        scan();
        if (!backlog.hasRoom()) {
            return false;
        }
        Map<Integer, Lane> again = lanes(lane -> !lane.isLive() && !lane.isRead());
        if (!again.isEmpty()) {
            replays = replays == null ? new OutcomeReader(kafka, topic) : replays;
            follow(replays, again, Duration.ZERO);
        } else if (replays != null) {
            replays.close();
            replays = null;
        }
        boolean nothingElse = again.isEmpty() && scans.isEmpty();
        follow(live, lanes(Lane::isLive), nothingElse || wait.compareTo(SHORT) < 0 ? wait : SHORT);
        return true;
    }

    private Map<Integer, Lane> lanes(Predicate<Lane> which) {
        Map<Integer, Lane> byPartition = new HashMap<>();
        backlog.lanes().stream().filter(which).forEach(lane -> byPartition.putIfAbsent(lane.partition(), lane));
        return byPartition;
    }

    private void follow(OutcomeReader reader, Map<Integer, Lane> lanes, Duration wait) {
        Map<Integer, Long> places = new HashMap<>();
        lanes.forEach((partition, lane) -> places.put(partition, lane.next()));
        reader.read(places);
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(wait)) {
            Lane lane = lanes.get(record.partition());
            Event event = lane == null || record.offset() >= lane.end() ? null : Event.of(record);
            if (lane != null && event != null) {
                backlog.take(lane, event);
            }
        }
        lanes.values().forEach(lane -> goOn(lane, reader.position(lane.partition())));
    }

    private void goOn(Lane lane, long position) {
        if (position < lane.next()) {
            backlog.beginAnew(lane, position);
            forget(lane);
        } else {
            lane.skipTo(Math.min(lane.end(), position));
        }
    }

    private void scan() {
        for (Lane lane : backlog.lanes()) {
            if (!scans.containsKey(lane.partition())) {
                Scan scan = backlog.searches().start(lane.partition());
                if (scan != null) {
                    scans.put(lane.partition(), scan);
                }
            }
        }
        if (scans.isEmpty()) {
            return;
        }
        rereads = rereads == null ? new OutcomeReader(kafka, topic) : rereads;
        endScans();
        rereads.read(places());
        if (!backlog.hasRoomForScan()) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : rereads.poll(Duration.ZERO)) {
            Scan scan = scans.get(record.partition());
            if (scan != null && record.key() != null && scan.isFor(Event.userId(record), record.offset())) {
                Event event = Event.of(record);
                if (event != null) {
                    scan.read(event);
                }
            }
        }
        for (Scan scan : List.copyOf(scans.values())) {
            long position = rereads.position(scan.partition());
            if (position < scan.position()) {
                scans.remove(scan.partition());
                backlog.beginAnew(scan.lane(), position);
            } else {
                scan.readTo(position);
            }
        }
        endScans();
        rereads.read(places());
    }

    /** What is over is not read any further, and what the client has fetched for it is freed. */
    private void endScans() {
        for (Scan scan : List.copyOf(scans.values())) {
            if (scan.isOver()) {
                scans.remove(scan.partition());
                scan.end();
            }
        }
    }

    private Map<Integer, Long> places() {
        Map<Integer, Long> places = new HashMap<>();
        scans.forEach((partition, scan) -> places.put(partition, scan.position()));
        return places;
    }

    /** A lane was taken out. */
    void forget(Lane lane) {
        scans.values().removeIf(scan -> scan.lane() == lane);
        if (rereads != null) {
            rereads.read(places());
        }
    }

    @Override
    public void close() {
        live.close();
        if (replays != null) {
            replays.close();
        }
        if (rereads != null) {
            rereads.close();
        }
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.WebhookKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens lanes for what an endpoint is told again, beside what is new, and closes those that are through. For one thread. */
final class Replays {
    private static final long REPORT_EVERY_MS = 5_000;

    /** Hears that a range of a replay is through. Must not block. */
    interface Listener {
        void rangeDone(String replay, int partition);
    }

    private final Backlog backlog;
    private final Set<Integer> partitions;
    private final Map<String, Map<Integer, Lane.Stored>> stored;
    private final Listener listener;
    /** When a lane that is through is reported again, milliseconds since 1970 UTC: the report may not have been heard. */
    private final Map<Lane, Long> reportAgainAt = new HashMap<>();

    /**
     * None open yet.
     *
     * @param partitions of this instance
     * @param madeAnew those whose log is not the one that replays were asked of; all of it is told as what is new, so they are through
     * @param stored by name and partition, what the progress says of lanes
     */
    Replays(
            Backlog backlog,
            Set<Integer> partitions,
            Set<Integer> madeAnew,
            Map<String, Map<Integer, Lane.Stored>> stored,
            Listener listener) {
        this.backlog = backlog;
        this.partitions = partitions;
        this.stored = stored;
        this.listener = listener;
        stored.forEach((name, byPartition) ->
                byPartition.forEach((partition, lane) -> forget(name, partition, lane, madeAnew.contains(partition))));
        for (Replay replay : backlog.endpoint().replays()) {
            for (Replay.Range range : replay.ranges()) {
                if (madeAnew.contains(range.partition())) {
                    backlog.add(Lane.replay(replay.id(), range.partition(), range.to(), range.to()));
                }
            }
        }
    }

    /** Takes out what is kept of a replay that is over. */
    private void forget(String name, int partition, Lane.Stored kept, boolean over) {
        Lane lane = Lane.replay(
                name, partition, kept.progress().next(), kept.progress().next());
        if (!name.equals(WebhookKey.LIVE)
                && (over || !isWanted(backlog.endpoint().replays(), lane))) {
            backlog.restore(lane, kept);
            backlog.remove(lane);
        }
    }

    /**
     * Does what is to be done now; the lanes that were closed.
     *
     * @param handedOut how many times progress was handed out
     * @param written how many of these are safe. A range is through when what became of its deliveries is: its report leaves nothing
     *     to come back to
     */
    List<Lane> follow(long now, int handedOut, int written) {
        Endpoint endpoint = backlog.endpoint();
        List<Lane> over = backlog.lanes().stream()
                .filter(lane -> !lane.isLive() && !isWanted(endpoint.replays(), lane))
                .toList();
        over.forEach(reportAgainAt::remove);
        over.forEach(backlog::remove);
        for (Lane lane : backlog.lanes()) {
            if (!lane.isLive() && lane.isDone()) {
                done(lane, now, handedOut, written);
            }
        }
        endpoint.replays().forEach(this::open);
        return over;
    }

    private void done(Lane lane, long now, int handedOut, int written) {
        if (!lane.saysDone()) {
            lane.sayDoneWith(handedOut + 1);
        } else if (lane.isDoneFor(written) && now >= reportAgainAt.getOrDefault(lane, 0L)) {
            reportAgainAt.put(lane, now + REPORT_EVERY_MS);
            listener.rangeDone(lane.name(), lane.partition());
        }
    }

    private static boolean isWanted(List<Replay> replays, Lane lane) {
        return replays.stream()
                .filter(replay -> replay.id().equals(lane.name()))
                .flatMap(replay -> replay.ranges().stream())
                .anyMatch(range -> range.partition() == lane.partition());
    }

    private void open(Replay replay) {
        for (Replay.Range range : replay.ranges()) {
            boolean open = backlog.lanes().stream()
                    .anyMatch(lane -> lane.name().equals(replay.id()) && lane.partition() == range.partition());
            if (open || !partitions.contains(range.partition())) {
                continue;
            }
            Lane.Stored before = stored.getOrDefault(replay.id(), Map.of()).get(range.partition());
            if (before == null) {
                backlog.add(Lane.replay(replay.id(), range.partition(), range.from(), range.to()));
            } else {
                backlog.restore(
                        Lane.replay(
                                replay.id(),
                                range.partition(),
                                before.progress().next(),
                                range.to()),
                        before);
            }
        }
    }
}

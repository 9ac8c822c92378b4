package io.tally.app.send;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The commands on their way, and how each gets its answer, once. Confined to one thread.
 *
 * <p>An outcome names the record that was decided. It answers that record; of other records with the same user and uid
 * it is kept in mind, since they are repeats of it or conflicts with it, which a dead letter would tell.
 */
final class InFlight {
    private record Key(String userId, String uid) {}

    private record Position(int partition, long offset) {}

    private final BiConsumer<OutgoingCommand, Answer> answered;
    private final Set<Pending> inOrder = new LinkedHashSet<>();
    private final Map<Key, List<Pending>> byUid = new HashMap<>();
    private final Map<Position, Pending> byPosition = new HashMap<>();

    InFlight(BiConsumer<OutgoingCommand, Answer> answered) {
        this.answered = answered;
    }

    int size() {
        return inOrder.size();
    }

    void add(Pending pending) {
        inOrder.add(pending);
        byUid.computeIfAbsent(key(pending), key -> new ArrayList<>(1)).add(pending);
    }

    /** The brokers have the record. */
    void acknowledged(Pending pending, int partition, long offset) {
        pending.acknowledge(partition, offset);
        if (inOrder.contains(pending)) {
            byPosition.put(new Position(partition, offset), pending);
        }
    }

    /** Whether all records of the user and uid are acknowledged, so that {@link #outcome} can tell them apart. */
    boolean allAcknowledged(String userId, String uid) {
        return byUid.getOrDefault(new Key(userId, uid), List.of()).stream().allMatch(Pending::acknowledged);
    }

    boolean allAcknowledged() {
        return byPosition.size() == inOrder.size();
    }

    void outcome(String userId, String uid, int sourcePartition, long sourceOffset, Answer answer) {
        for (Pending pending : List.copyOf(byUid.getOrDefault(new Key(userId, uid), List.of()))) {
            if (pending.standsAt(sourcePartition, sourceOffset)) {
                answer(pending, answer);
            } else {
                pending.decidedElsewhere(answer);
            }
        }
    }

    void deadLetter(int sourcePartition, long sourceOffset, Answer answer) {
        Pending pending = byPosition.get(new Position(sourcePartition, sourceOffset));
        if (pending != null) {
            answer(pending, answer);
        }
    }

    /** The ledger has committed the partition's input up to the offset, and everything that it wrote for it was seen. */
    void passed(int partition, long committedOffset) {
        for (Pending pending : List.copyOf(inOrder)) {
            if (pending.acknowledged() && pending.partition() == partition && pending.offset() < committedOffset) {
                Answer elsewhere = pending.elsewhere();
                answer(pending, elsewhere == null ? new Answer.Repeated() : elsewhere);
            }
        }
    }

    /**
     * Gives up those whose time has run out. One that Kafka has not taken yet is never given up, since nobody could say that it
     * will be decided: it waits, and those behind it with it, until the producer has its acknowledgement or its failure.
     */
    void expire(long nowNanos) {
        // They stand in the order of sending, so the first that has time left ends the search.
        while (!inOrder.isEmpty()) {
            Pending oldest = inOrder.iterator().next();
            if (oldest.deadlineNanos() - nowNanos > 0 || !oldest.acknowledged()) {
                return;
            }
            answer(oldest, new Answer.Unanswered());
        }
    }

    private void answer(Pending pending, Answer answer) {
        inOrder.remove(pending);
        List<Pending> sameUid = byUid.get(key(pending));
        if (sameUid != null && sameUid.remove(pending) && sameUid.isEmpty()) {
            byUid.remove(key(pending));
        }
        byPosition.remove(new Position(pending.partition(), pending.offset()));
        answered.accept(pending.command(), answer);
    }

    private static Key key(Pending pending) {
        return new Key(pending.command().userId(), pending.command().uid());
    }
}

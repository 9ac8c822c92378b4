package io.tally.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Those who read the feed, and the ring that they read. New ones are let in by the thread that fills the ring, once it knows
 * that it has all they ask for. Thread-safe.
 */
final class Audience {
    /** Somebody who wants to be let in. */
    private record Newcomer(
            Interest interest, @Nullable FeedPosition after, Runnable wake, CompletableFuture<FeedReader> reader) {}

    private final FeedRing ring;
    // All below is guarded by the ring.
    private final Set<FeedReader> ofAll = new HashSet<>();
    private final Map<String, Set<FeedReader>> ofUser = new HashMap<>();
    private final List<Newcomer> newcomers = new ArrayList<>();
    private boolean served;
    private long idleSince;

    Audience(FeedRing ring) {
        this.ring = ring;
    }

    /**
     * Asks to be let in.
     *
     * @param reader completed once the reader stands where it asked to; fails with {@link IllegalArgumentException} when that
     *     is no place of its interest, at once if the ring has been of that topic
     * @return whether nobody fills the ring as yet: the caller must see to it
     */
    boolean enter(
            Interest interest, @Nullable FeedPosition after, Runnable wake, CompletableFuture<FeedReader> reader) {
        Newcomer newcomer = new Newcomer(interest, after, wake, reader);
        synchronized (ring) {
            if (!isMisplaced(newcomer, ring.ends())) {
                newcomers.add(newcomer);
                boolean first = !served;
                served = true;
                return first;
            }
        }
        refuse(newcomer);
        return false;
    }

    private static void refuse(Newcomer newcomer) {
        newcomer.reader()
                .completeExceptionally(new IllegalArgumentException("Expected a position of the same interest"));
    }

    /** Whether somebody asks for a place that the ring has not come to, so that only the brokers can tell if it exists. */
    boolean asksBeyondRing() {
        synchronized (ring) {
            long[] ends = ring.ends();
            return newcomers.stream().anyMatch(newcomer -> isBeyond(newcomer, ends));
        }
    }

    /**
     * Lets newcomers in.
     *
     * @param committed the end of every partition as the brokers have it, or null when they were not asked: who asks for a
     *     place beyond the ring waits then
     */
    void letIn(long @Nullable [] committed) {
        List<Runnable> tell = new ArrayList<>();
        synchronized (ring) {
            long[] ends = ring.ends();
            newcomers.removeIf(newcomer -> {
                if (isMisplaced(newcomer, ends)) {
                    tell.add(() -> refuse(newcomer));
                    return true;
                }
                if (committed == null && isBeyond(newcomer, ends)) {
                    return newcomer.reader().isDone();
                }
                FeedReader reader = place(newcomer, committed == null ? ends : committed);
                join(reader);
                tell.add(() -> {
                    if (!newcomer.reader().complete(reader)) {
                        reader.close();
                    }
                });
                return true;
            });
        }
        tell.forEach(Runnable::run);
    }

    /** Nobody has come to fill the ring: turns away who waits for it, so that the next one tries again. */
    void leaveUnserved(Throwable reason) {
        synchronized (ring) {
            served = false;
        }
        turnAway(reason);
    }

    /** Tells those who wait to be let in that they never will be. */
    void turnAway(Throwable reason) {
        List<Newcomer> all;
        synchronized (ring) {
            all = List.copyOf(newcomers);
            newcomers.clear();
        }
        all.forEach(newcomer -> newcomer.reader().completeExceptionally(reason));
    }

    private FeedReader place(Newcomer newcomer, long[] committed) {
        FeedReader reader = new FeedReader(this, ring, newcomer.interest(), newcomer.wake());
        FeedPosition after = newcomer.after();
        if (after == null) {
            return reader;
        }
        boolean gone = after.topic() != ring.topic()
                || anyBelow(after.next(), newcomer.interest().of(ring.starts()))
                || anyBelow(newcomer.interest().of(committed), after.next());
        if (gone) {
            reader.reset();
        } else {
            reader.startAt(after.next());
        }
        return reader;
    }

    /** Whether the position is one of this topic that was given to somebody of another interest. Other topics have other shapes. */
    private boolean isMisplaced(Newcomer newcomer, long[] ends) {
        FeedPosition after = newcomer.after();
        return after != null
                && after.topic() == ring.topic()
                && (after.partition() != newcomer.interest().partition()
                        || after.next().length != newcomer.interest().of(ends).length);
    }

    private boolean isBeyond(Newcomer newcomer, long[] ends) {
        FeedPosition after = newcomer.after();
        return after != null
                && after.topic() == ring.topic()
                && !isMisplaced(newcomer, ends)
                && anyBelow(newcomer.interest().of(ends), after.next());
    }

    private static boolean anyBelow(long[] offsets, long[] bounds) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] < bounds[i]) {
                return true;
            }
        }
        return false;
    }

    private void join(FeedReader reader) {
        String userId = reader.interest().userId();
        if (userId == null) {
            ofAll.add(reader);
        } else {
            ofUser.computeIfAbsent(userId, ignored -> new HashSet<>()).add(reader);
        }
    }

    void leave(FeedReader reader) {
        synchronized (ring) {
            String userId = reader.interest().userId();
            ofAll.remove(reader);
            if (userId != null) {
                ofUser.computeIfPresent(userId, (ignored, readers) -> {
                    readers.remove(reader);
                    return readers.isEmpty() ? null : readers;
                });
            }
            idleSince = System.nanoTime();
        }
    }

    /**
     * Adds events to the ring and wakes those whom they concern.
     *
     * @param events those of a partition in its order
     * @param ends by partition, the offset before which no outcome is missing now; partitions without news may be left out
     */
    void append(List<OutcomeEvent> events, Map<Integer, Long> ends) {
        Set<FeedReader> concerned = new HashSet<>();
        synchronized (ring) {
            long first = ring.end();
            for (OutcomeEvent event : events) {
                long index = ring.add(event);
                for (FeedReader reader : ofUser.getOrDefault(event.userId(), Set.of())) {
                    reader.notice(index);
                    concerned.add(reader);
                }
            }
            ends.forEach(ring::advance);
            if (!events.isEmpty()) {
                ofAll.forEach(reader -> reader.notice(first));
                concerned.addAll(ofAll);
            }
        }
        concerned.forEach(FeedReader::wake);
    }

    /** Begins anew with other offsets: what lies between is not known, so every reader is reset. */
    void restart(int topic, long[] from) {
        List<FeedReader> all;
        synchronized (ring) {
            ring.restart(topic, from);
            all = readers();
            all.forEach(FeedReader::reset);
        }
        all.forEach(FeedReader::wake);
    }

    /** Whether the ring can go on where it ends: same topic, and all of it is still there. */
    boolean canGoOn(int topic, long[] beginnings, long[] committed) {
        synchronized (ring) {
            return ring.isFilled()
                    && topic == ring.topic()
                    && !anyBelow(ring.ends(), beginnings)
                    && !anyBelow(committed, ring.ends());
        }
    }

    long[] ends() {
        synchronized (ring) {
            return ring.ends();
        }
    }

    /** Whether the ring has come this far. */
    boolean reached(long[] offsets) {
        return !anyBelow(ends(), offsets);
    }

    /**
     * Stops to be served when nobody has listened for a while. The ring is gone then.
     *
     * @return whether who fills the ring must stop now
     */
    boolean retire(long idleNanos) {
        synchronized (ring) {
            newcomers.removeIf(newcomer -> newcomer.reader().isDone());
            boolean idle = newcomers.isEmpty()
                    && ofAll.isEmpty()
                    && ofUser.isEmpty()
                    && System.nanoTime() - idleSince >= idleNanos;
            if (idle) {
                served = false;
                ring.clear();
            }
            return idle;
        }
    }

    private List<FeedReader> readers() {
        List<FeedReader> all = new ArrayList<>(ofAll);
        ofUser.values().forEach(all::addAll);
        return all;
    }
}

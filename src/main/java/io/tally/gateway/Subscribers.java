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
 * The subscriptions to the feed, and the ring that they read. New ones are admitted by the thread that fills the ring, once it knows
 * that it has all they ask for. Thread-safe.
 */
final class Subscribers {
    /** One that was asked for, and not admitted yet. */
    private record PendingSubscription(
            Interest interest,
            @Nullable FeedPosition after,
            Runnable wake,
            CompletableFuture<Subscription> subscription) {
        boolean isMisplaced(FeedStretch stretch) {
            return after != null && stretch.isMisplaced(interest, after);
        }

        boolean isBeyond(FeedStretch stretch) {
            return after != null && stretch.endsBefore(interest, after);
        }

        void reject() {
            subscription.completeExceptionally(
                    new IllegalArgumentException("Expected a position of the same interest"));
        }
    }

    private final FeedRing ring;
    // All below is guarded by the ring.
    private final Set<Subscription> ofAll = new HashSet<>();
    private final Map<String, Set<Subscription>> ofUser = new HashMap<>();
    private final List<PendingSubscription> pending = new ArrayList<>();
    private boolean served;
    private long idleSince;

    Subscribers(FeedRing ring) {
        this.ring = ring;
    }

    /**
     * Asks for a subscription.
     *
     * @param subscription completed once it stands where it was asked to; fails with {@link IllegalArgumentException} when that
     *     is no place of its interest, at once if the ring has been of that topic
     * @return whether nobody fills the ring as yet: the caller must see to it
     */
    boolean subscribe(
            Interest interest,
            @Nullable FeedPosition after,
            Runnable wake,
            CompletableFuture<Subscription> subscription) {
        PendingSubscription asked = new PendingSubscription(interest, after, wake, subscription);
        synchronized (ring) {
            if (!asked.isMisplaced(ring.stretch())) {
                pending.add(asked);
                boolean first = !served;
                served = true;
                return first;
            }
        }
        asked.reject();
        return false;
    }

    /** Whether somebody asks for a place that the ring has not come to, so that only the brokers can tell if it exists. */
    boolean asksBeyondRing() {
        synchronized (ring) {
            FeedStretch stretch = ring.stretch();
            return pending.stream().anyMatch(asked -> asked.isBeyond(stretch));
        }
    }

    /**
     * Admits those who have asked.
     *
     * @param committed the end of every partition as the brokers have it, or null when they were not asked: who asks for a
     *     place beyond the ring waits then
     */
    void admit(long @Nullable [] committed) {
        List<Runnable> tell = new ArrayList<>();
        synchronized (ring) {
            FeedStretch stretch = ring.stretch();
            FeedStretch known = committed == null ? stretch : stretch.to(committed);
            pending.removeIf(asked -> {
                if (asked.isMisplaced(stretch)) {
                    tell.add(asked::reject);
                    return true;
                }
                if (committed == null && asked.isBeyond(stretch)) {
                    return asked.subscription().isDone();
                }
                Subscription subscription = place(asked, known);
                add(subscription);
                tell.add(() -> {
                    if (!asked.subscription().complete(subscription)) {
                        subscription.close();
                    }
                });
                return true;
            });
        }
        tell.forEach(Runnable::run);
    }

    /** Nobody has come to fill the ring: rejects who waits for it, so that the next one tries again. */
    void startFailed(Throwable reason) {
        synchronized (ring) {
            served = false;
        }
        rejectPending(reason);
    }

    /** Tells those who wait to be admitted that they never will be. */
    void rejectPending(Throwable reason) {
        List<PendingSubscription> all;
        synchronized (ring) {
            all = List.copyOf(pending);
            pending.clear();
        }
        all.forEach(asked -> asked.subscription().completeExceptionally(reason));
    }

    private Subscription place(PendingSubscription asked, FeedStretch stretch) {
        Subscription subscription = new Subscription(this, ring, asked.interest(), asked.wake());
        FeedPosition after = asked.after();
        if (after != null && stretch.covers(asked.interest(), after)) {
            subscription.startAt(after.next());
        } else if (after != null) {
            subscription.reset();
        }
        return subscription;
    }

    private void add(Subscription subscription) {
        String userId = subscription.interest().userId();
        if (userId == null) {
            ofAll.add(subscription);
        } else {
            ofUser.computeIfAbsent(userId, ignored -> new HashSet<>()).add(subscription);
        }
    }

    void remove(Subscription subscription) {
        synchronized (ring) {
            String userId = subscription.interest().userId();
            ofAll.remove(subscription);
            if (userId != null) {
                ofUser.computeIfPresent(userId, (ignored, ofThisUser) -> {
                    ofThisUser.remove(subscription);
                    return ofThisUser.isEmpty() ? null : ofThisUser;
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
        Set<Subscription> concerned = new HashSet<>();
        synchronized (ring) {
            long first = ring.end();
            for (OutcomeEvent event : events) {
                long index = ring.add(event);
                for (Subscription subscription : ofUser.getOrDefault(event.userId(), Set.of())) {
                    subscription.notice(index);
                    concerned.add(subscription);
                }
            }
            ends.forEach(ring::advance);
            if (!events.isEmpty()) {
                ofAll.forEach(subscription -> subscription.notice(first));
                concerned.addAll(ofAll);
            }
        }
        concerned.forEach(Subscription::wake);
    }

    /** Begins anew with other offsets: what lies between is not known, so every subscription is reset. */
    void restart(int topic, long[] from) {
        List<Subscription> all;
        synchronized (ring) {
            ring.restart(topic, from);
            all = all();
            all.forEach(Subscription::reset);
        }
        all.forEach(Subscription::wake);
    }

    /**
     * Whether the ring can go on where it ends: same topic, and all of it is still there.
     *
     * @param log all that the brokers have
     */
    boolean canGoOn(FeedStretch log) {
        synchronized (ring) {
            FeedPosition end = new FeedPosition(ring.topic(), FeedPosition.ALL, ring.ends());
            return ring.isFilled() && log.covers(Interest.everyone(), end);
        }
    }

    long[] ends() {
        synchronized (ring) {
            return ring.ends();
        }
    }

    /** Whether the ring has come this far. */
    boolean reached(long[] offsets) {
        synchronized (ring) {
            return ring.stretch().hasReached(offsets);
        }
    }

    /**
     * Stops to be served when nobody has listened for a while. The ring is gone then.
     *
     * @return whether who fills the ring must stop now
     */
    boolean stopIfIdle(long idleNanos) {
        synchronized (ring) {
            pending.removeIf(asked -> asked.subscription().isDone());
            boolean idle = pending.isEmpty()
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

    private List<Subscription> all() {
        List<Subscription> all = new ArrayList<>(ofAll);
        ofUser.values().forEach(all::addAll);
        return all;
    }
}

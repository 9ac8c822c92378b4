package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition of the output, on its way to one endpoint: what is new, or one range of a replay. For one thread. */
final class Lane {
    /** The end of what has none. */
    static final long ENDLESS = Long.MAX_VALUE;

    private final String name;
    private final int partition;
    private final long end;
    private long next;
    /** By user. */
    private final Map<String, UserQueue> queues = new LinkedHashMap<>();
    /** Whether the progress is behind. */
    private boolean dirty;
    /** The number of the hand-out of progress that says that it is done; 0 while none does. */
    private int doneWith;

    /** What the progress says of a lane. */
    record Stored(Progress progress, List<Delivery> waiting) {
        /** Whose progress it is. */
        enum Belonging {
            /** It goes on. */
            OURS,
            /** Of one that was deleted, and registered again under its id. */
            ANOTHER_ENDPOINT,
            /** The output was deleted and made again. */
            ANOTHER_TOPIC
        }

        /**
         * Whose progress it is.
         *
         * @param topicId of the output as it is now
         */
        Belonging belonging(Endpoint endpoint, String topicId) {
            if (progress.endpointCreatedAt() != endpoint.createdAt()) {
                return Belonging.ANOTHER_ENDPOINT;
            }
            return progress.isOfAnother(topicId) ? Belonging.ANOTHER_TOPIC : Belonging.OURS;
        }
    }

    private Lane(String name, int partition, long next, long end) {
        this.name = name;
        this.partition = partition;
        this.next = next;
        this.end = end;
    }

    static Lane live(int partition, long next) {
        return new Lane(WebhookKey.LIVE, partition, next, ENDLESS);
    }

    static Lane replay(String id, int partition, long next, long end) {
        return new Lane(id, partition, Math.min(next, end), end);
    }

    boolean isLive() {
        return end == ENDLESS;
    }

    String name() {
        return name;
    }

    int partition() {
        return partition;
    }

    /** The offset after the last that is for it. */
    long end() {
        return end;
    }

    /** The first offset that was not taken up. */
    long next() {
        return next;
    }

    /** An outcome was taken up, and all before it. */
    void takenUp(Event event) {
        next = event.offset() + 1;
        dirty = true;
    }

    /** Nothing before this offset is left in its log, be it what it may. */
    void skipTo(long offset) {
        if (offset > next) {
            next = offset;
            dirty = true;
        }
    }

    /** Whether there is nothing more to read. */
    boolean isRead() {
        return next >= end;
    }

    boolean isDone() {
        return isRead() && queues.isEmpty();
    }

    /** Whether a hand-out of progress was told to say that it is done. */
    boolean saysDone() {
        return doneWith != 0;
    }

    /**
     * It is done, and the next hand-out of progress will say so.
     *
     * @param handOut its number, from 1
     */
    void sayDoneWith(int handOut) {
        doneWith = handOut;
        dirty = true;
    }

    /**
     * Whether it is safe that it is done.
     *
     * @param written how many hand-outs are
     */
    boolean isDoneFor(int written) {
        return saysDone() && written >= doneWith;
    }

    /** Those with something undelivered. */
    Collection<UserQueue> queues() {
        return Collections.unmodifiableCollection(queues.values());
    }

    /** The queue of a user who has something undelivered, or null. */
    @Nullable
    UserQueue queue(String userId) {
        return queues.get(userId);
    }

    /** Whether a queue is one of its own; not when it was taken out meanwhile. */
    boolean has(UserQueue queue) {
        return queues.get(queue.userId()) == queue;
    }

    void add(UserQueue queue) {
        queues.put(queue.userId(), queue);
    }

    void remove(UserQueue queue) {
        queues.remove(queue.userId());
    }

    void removeQueues() {
        queues.clear();
    }

    WebhookKey key(String endpoint) {
        return new WebhookKey(endpoint, name, null);
    }

    /** The progress is behind. */
    void changed() {
        dirty = true;
    }

    /** Its progress if that has changed since the last call, else null. */
    @Nullable
    Progress takeProgress(long endpointCreatedAt, long failingSince, String topicId) {
        if (!dirty) {
            return null;
        }
        dirty = false;
        Map<String, Long> open = new HashMap<>();
        for (UserQueue queue : queues.values()) {
            if (!queue.isStored()) {
                open.put(queue.userId(), queue.from());
            }
        }
        return new Progress(next, open, endpointCreatedAt, failingSince, topicId);
    }
}

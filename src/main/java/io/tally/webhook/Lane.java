package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One partition of the output, on its way to one endpoint: what is new, or one range of a replay. For one thread. */
final class Lane {
    /** The end of what has none. */
    static final long ENDLESS = Long.MAX_VALUE;

    final String name;
    final int partition;
    /** The offset after the last that is for it. */
    final long end;
    /** The first offset that was not taken up. */
    long next;
    /** By user, those with something undelivered. */
    final Map<String, UserQueue> queues = new LinkedHashMap<>();
    /** Whether the progress is behind. */
    boolean dirty;
    /** The number of the hand-out of progress that says that it is done; 0 while it is not. */
    int doneWith;

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

    /** Whether there is nothing more to read. */
    boolean isRead() {
        return next >= end;
    }

    boolean isDone() {
        return isRead() && queues.isEmpty();
    }

    WebhookKey key(String endpoint) {
        return new WebhookKey(endpoint, name, null);
    }

    Progress progress(long endpointCreatedAt, long failingSince, String topicId) {
        Map<String, Long> open = new HashMap<>();
        for (UserQueue queue : queues.values()) {
            if (!queue.stored) {
                open.put(queue.userId, queue.from);
            }
        }
        return new Progress(next, open, endpointCreatedAt, failingSince, topicId);
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of an endpoint's progress is to be written: the latest of each key. For one thread. */
final class PendingWrites {
    /** A topic of those that deliveries are written to. */
    enum Target {
        PROGRESS,
        DEAD
    }

    /**
     * A record to be written.
     *
     * @param value null deletes
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed to Kafka as it is, and never compared.
    record Write(Target target, int partition, WebhookKey key, byte @Nullable [] value) {}

    private record Place(Target target, int partition, WebhookKey key) {}

    private final String endpoint;
    private final Map<Place, Write> latest = new LinkedHashMap<>();

    PendingWrites(String endpoint) {
        this.endpoint = endpoint;
    }

    void progress(Lane lane, Progress progress) {
        put(Target.PROGRESS, lane.partition(), lane.key(endpoint), WebhookCodec.encode(progress));
    }

    void waiting(UserQueue queue, Delivery delivery) {
        put(Target.PROGRESS, queue.lane().partition(), key(queue), WebhookCodec.encode(delivery));
    }

    void noLongerWaiting(UserQueue queue) {
        put(Target.PROGRESS, queue.lane().partition(), key(queue), null);
    }

    void dead(Delivery delivery) {
        put(Target.DEAD, delivery.partition(), deadKey(delivery.id()), WebhookCodec.encode(delivery));
    }

    /** A replay has delivered it. */
    void noLongerDead(Event event) {
        put(Target.DEAD, event.partition(), deadKey(event.partition() + "-" + event.offset()), null);
    }

    void forget(Lane lane) {
        lane.queues().stream().filter(UserQueue::isStored).forEach(this::noLongerWaiting);
        put(Target.PROGRESS, lane.partition(), lane.key(endpoint), null);
    }

    boolean isEmpty() {
        return latest.isEmpty();
    }

    List<Write> take() {
        List<Write> taken = new ArrayList<>(latest.values());
        latest.clear();
        return taken;
    }

    private WebhookKey key(UserQueue queue) {
        return new WebhookKey(endpoint, queue.lane().name(), queue.userId());
    }

    private WebhookKey deadKey(String delivery) {
        return new WebhookKey(endpoint, delivery, null);
    }

    @SuppressWarnings("NullAway") // It does not see the annotation on an array.
    private void put(Target target, int partition, WebhookKey key, byte @Nullable [] value) {
        latest.put(new Place(target, partition, key), new Write(target, partition, key, value));
    }
}

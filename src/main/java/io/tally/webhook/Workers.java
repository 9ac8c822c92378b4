package io.tally.webhook;

import io.tally.stream.TopicIdentity;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.WebhookKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of this instance's partitions: one for each endpoint. For one thread. */
final class Workers implements Membership.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    private final WorkerParts parts;
    private final WebhookSettings settings;
    private final ProgressWriter writer;
    private final Map<String, EndpointWorker> workers = new HashMap<>();
    private @Nullable Supplier<ConsumerGroupMetadata> group;
    private @Nullable StoredProgress stored;
    /** The topic that offsets are of; as it was when the progress was read. */
    private String outputId = "";

    private Set<Integer> partitions = Set.of();
    private boolean assigned;

    Workers(WorkerParts parts, ProgressWriter writer) {
        this.parts = parts;
        this.settings = parts.settings();
        this.writer = writer;
    }

    /** Whom it writes for. */
    void join(Supplier<ConsumerGroupMetadata> metadata) {
        group = metadata;
    }

    @Override
    public void assigned(Set<Integer> now) {
        partitions = Set.copyOf(now);
        assigned = true;
        stored = null;
    }

    /** Whether the group has said which partitions are this instance's, be it none. */
    boolean areAssigned() {
        return assigned;
    }

    /** Whether there are workers, so that there will be something to write. */
    boolean haveWork() {
        return !workers.isEmpty();
    }

    /** Starts workers for endpoints that have none, and ends those whose endpoint is gone. */
    void follow(Map<String, Endpoint> endpoints) {
        if (!partitions.isEmpty()) {
            boolean anew = stored == null;
            StoredProgress known = stored == null ? read() : stored;
            stored = known;
            endpoints.forEach((id, endpoint) -> {
                EndpointWorker worker = workers.get(id);
                if (worker != null && worker.createdAt() != endpoint.createdAt()) {
                    end(id, true);
                }
                workers.computeIfAbsent(id, missing -> started(endpoint, known));
            });
            if (anew) {
                forgetDeleted(known);
            }
        }
        for (String id : List.copyOf(workers.keySet())) {
            if (!endpoints.containsKey(id)) {
                end(id, parts.surroundings().isDeleted(id));
            }
        }
        if (assigned) {
            // Without a worker it is others' to tell. While nobody knows whose it is, it ages as it stands.
            endpoints.keySet().forEach(this::showPending);
        }
    }

    private void showPending(String id) {
        EndpointWorker worker = workers.get(id);
        parts.metrics().oldestPending(id, worker == null ? null : worker.oldestPendingAt());
    }

    private StoredProgress read() {
        outputId = TopicIdentity.of(settings.kafka(), settings.output(), settings.partitions())
                .toString();
        return StoredProgress.read(settings.kafka(), settings.topics().progress(), partitions);
    }

    private EndpointWorker started(Endpoint endpoint, StoredProgress known) {
        Map<String, Map<Integer, Lane.Stored>> before = known.take(endpoint.id());
        if (isOfAnother(endpoint, before)) {
            // Before its progress says whose it is, and of what: nobody would come back to them.
            write(StoredProgress.forgetDead(
                    settings.kafka(), settings.topics().dead(), partitions, Set.of(endpoint.id())));
        }
        EndpointWorker worker = new EndpointWorker(parts, endpoint, outputId, partitions, before);
        worker.start();
        return worker;
    }

    /** Whether some of it is of an endpoint that was deleted, and registered again under its id, or of an output that was. */
    private boolean isOfAnother(Endpoint endpoint, Map<String, Map<Integer, Lane.Stored>> before) {
        return before.getOrDefault(WebhookKey.LIVE, Map.of()).values().stream()
                .anyMatch(stored -> stored.belonging(endpoint, outputId) != Lane.Stored.Belonging.OURS);
    }

    /**
     * Takes away what is kept of endpoints that were deleted while nobody had these partitions. The registry may be behind, and not
     * know an endpoint that others have told already; so its topic is asked, after the progress was read.
     */
    private void forgetDeleted(StoredProgress known) {
        Set<String> deleted = known.endpoints();
        if (deleted.isEmpty()) {
            return;
        }
        deleted.removeAll(
                StoredProgress.registered(settings.kafka(), settings.topics().endpoints()));
        if (!deleted.isEmpty()) {
            List<PendingWrites.Write> writes = new ArrayList<>(StoredProgress.forgetDead(
                    settings.kafka(), settings.topics().dead(), partitions, deleted));
            deleted.forEach(id -> writes.addAll(known.forget(id)));
            write(writes);
        }
    }

    /**
     * Ends a worker.
     *
     * @param deleted whether what is kept of its endpoint goes, too
     */
    private void end(String id, boolean deleted) {
        EndpointWorker worker = workers.get(id);
        if (worker != null) {
            worker.stop();
            parts.metrics().forget(id);
            List<PendingWrites.Write> writes = rest(worker, deleted);
            if (deleted) {
                writes.addAll(StoredProgress.forgetDead(
                        settings.kafka(), settings.topics().dead(), partitions, Set.of(id)));
            }
            write(writes);
            workers.remove(id);
        }
    }

    /**
     * Writes what the workers have handed out.
     *
     * @throws KafkaException if it was not written, or nobody knows; or if a worker has failed
     */
    void write() {
        List<PendingWrites.Write> writes = new ArrayList<>();
        List<EndpointWorker> writing = new ArrayList<>();
        for (EndpointWorker worker : workers.values()) {
            Throwable failure = worker.failure();
            if (failure != null) {
                throw new KafkaException("A worker has failed", failure);
            }
            List<PendingWrites.Write> handedOut = worker.progress().toWrite();
            if (!handedOut.isEmpty()) {
                writes.addAll(handedOut);
                writing.add(worker);
            }
        }
        write(writes);
        writing.forEach(worker -> worker.progress().confirm());
    }

    private void write(List<PendingWrites.Write> writes) {
        if (!writes.isEmpty() && group != null) {
            writer.write(writes, takenUp(), group.get());
        }
    }

    /** How far the slowest endpoint is in each partition. Never empty while there are partitions: it proves who writes. */
    private Map<TopicPartition, OffsetAndMetadata> takenUp() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition : partitions) {
            long lowest = workers.values().stream()
                    .mapToLong(worker -> worker.progress().takenUp(partition))
                    .min()
                    .orElse(0);
            offsets.put(new TopicPartition(settings.output(), partition), new OffsetAndMetadata(lowest));
        }
        return offsets;
    }

    @Override
    public void revoked() {
        List<PendingWrites.Write> writes = stop();
        try {
            write(writes);
        } catch (KafkaException e) {
            log.warn("What was delivered last is delivered again: the progress was not written: {}", e.toString());
        }
        leave();
    }

    @Override
    public void lost() {
        stop();
        leave();
    }

    private void leave() {
        partitions = Set.of();
        assigned = false;
    }

    private List<PendingWrites.Write> stop() {
        workers.values().forEach(EndpointWorker::stop);
        List<PendingWrites.Write> writes = new ArrayList<>();
        workers.values().forEach(worker -> writes.addAll(rest(worker, false)));
        workers.clear();
        stored = null;
        return writes;
    }

    private static List<PendingWrites.Write> rest(EndpointWorker worker, boolean deleted) {
        try {
            return worker.rest(deleted);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Ends them without writing. */
    @Override
    public void close() {
        stop();
    }
}

package io.tally.gateway;

import io.tally.ledger.LedgerSettings;
import io.tally.stream.LedgerInstance;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how the ledger is: who decides what, and how far. Thread-safe; never waits. */
public final class ClusterGateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterGateway.class);

    /** Who looks at a ledger in trouble wants to know soon that Kafka does not answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LedgerStreams ledger;
    private final StreamSettings settings;
    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> ends = new HashMap<>();

    /** Makes a client of the brokers; it connects when it is first asked. */
    public ClusterGateway(LedgerStreams ledger, StreamSettings settings) {
        this.ledger = ledger;
        this.settings = settings;
        for (int partition = 0; partition < ledger.settings().partitions(); partition++) {
            ends.put(new TopicPartition(settings.topics().input(), partition), OffsetSpec.latest());
        }
        this.admin = Admin.create(new HashMap<>(settings.kafka()));
    }

    /** What the operator decided about this instance. */
    public StreamSettings settings() {
        return settings;
    }

    /** What the ledger was made with. */
    public LedgerSettings ledger() {
        return ledger.settings();
    }

    /** The present state; unavailable when the brokers do not say within 2 s how far the input was read. */
    public CompletableFuture<Reply<Cluster>> cluster() {
        int millis = (int) TIMEOUT.toMillis();
        CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed = admin.listConsumerGroupOffsets(
                        settings.applicationId(), new ListConsumerGroupOffsetsOptions().timeoutMs(millis))
                .partitionsToOffsetAndMetadata()
                .toCompletionStage();
        CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> latest = admin.listOffsets(
                        ends, new ListOffsetsOptions().timeoutMs(millis))
                .all()
                .toCompletionStage();
        return committed
                .thenCombine(latest, this::cluster)
                .exceptionally(ClusterGateway::unavailable)
                .toCompletableFuture();
    }

    private static Reply<Cluster> unavailable(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof KafkaException) {
            log.warn("Kafka does not say how far the input was read: {}", cause.toString());
            return new Reply.Unavailable<>("Kafka does not say how far the input was read");
        }
        throw new CompletionException(cause);
    }

    private Reply<Cluster> cluster(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, ListOffsetsResultInfo> latest) {
        List<LedgerInstance> instances = ledger.instances();
        List<Cluster.Partition> partitions = new ArrayList<>();
        for (int number = 0; number < ledger.settings().partitions(); number++) {
            TopicPartition partition = new TopicPartition(settings.topics().input(), number);
            OffsetAndMetadata next = committed.get(partition);
            ListOffsetsResultInfo end = latest.get(partition);
            partitions.add(new Cluster.Partition(
                    number,
                    owner(instances, number),
                    next == null ? null : next.offset(),
                    end == null ? 0 : end.offset(),
                    ledger.committedInput(number)));
        }
        return new Reply.Found<>(new Cluster(settings.applicationServer(), ledger.status(), instances, partitions));
    }

    private static @Nullable String owner(List<LedgerInstance> instances, int partition) {
        return instances.stream()
                .filter(instance -> instance.active().contains(partition))
                .map(LedgerInstance::address)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

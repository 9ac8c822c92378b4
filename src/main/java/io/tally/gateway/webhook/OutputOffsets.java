package io.tally.gateway.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the output begins, ends, and was at a time; by partition. Futures fail with Kafka's exceptions when the brokers do
 * not say within 2 s. Thread-safe; never waits.
 */
final class OutputOffsets implements AutoCloseable {
    private static final int TIMEOUT_MS = 2_000;

    private final Admin admin;
    private final List<TopicPartition> partitions;

    OutputOffsets(Map<String, String> kafka, String topic, int partitionCount) {
        this.admin = Admin.create(new HashMap<>(kafka));
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** The offset of the oldest record that is still there. */
    CompletableFuture<List<Long>> beginnings() {
        return list(OffsetSpec.earliest());
    }

    /** The offset before which everything is committed or aborted. */
    CompletableFuture<List<Long>> committedEnds() {
        return list(OffsetSpec.latest());
    }

    /** The offset of the first committed record of this time or a later one; -1 where there is none. */
    CompletableFuture<List<Long>> at(long millis) {
        return list(OffsetSpec.forTimestamp(millis));
    }

    private CompletableFuture<List<Long>> list(OffsetSpec place) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, place));
        return admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MS))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(found -> partitions.stream()
                        .map(partition -> Objects.requireNonNull(found.get(partition), "Admin answers what it is asked")
                                .offset())
                        .toList());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

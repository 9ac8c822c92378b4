package io.tally.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How long the input is. Thread-safe; never waits. */
final class InputEnds implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;
    private final String inputTopic;

    /** Makes a client of the brokers; it connects when it is first asked. */
    InputEnds(Map<String, String> kafka, String inputTopic) {
        this.admin = Admin.create(new HashMap<>(kafka));
        this.inputTopic = inputTopic;
    }

    /** The offset behind the last record of a partition; fails when the brokers do not say within 2 s. */
    CompletableFuture<Long> of(int partition) {
        return of(List.of(partition)).thenApply(ends -> ends.get(partition));
    }

    /** The same of several, by partition; fails when one of them cannot be told. */
    CompletableFuture<Map<Integer, Long>> of(Collection<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(inputTopic, partition), partition -> OffsetSpec.latest()));
        // Not those of committed records: what stands behind an open transaction is part of the input as well.
        return admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs((int) TIMEOUT.toMillis()))
                .all()
                .toCompletionStage()
                .thenApply(ends -> ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                end -> end.getKey().partition(),
                                end -> end.getValue().offset())))
                .toCompletableFuture();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

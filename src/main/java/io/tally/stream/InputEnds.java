package io.tally.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
        TopicPartition asked = new TopicPartition(inputTopic, partition);
        return admin.listOffsets(Map.of(asked, OffsetSpec.latest()), new ListOffsetsOptions().timeoutMs((int)
                                TIMEOUT.toMillis()))
                .partitionResult(asked)
                .toCompletionStage()
                .thenApply(end -> end.offset())
                .toCompletableFuture();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

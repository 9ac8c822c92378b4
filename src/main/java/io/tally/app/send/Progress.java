package io.tally.app.send;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** How far the ledger has come with its input. Thread-safe. */
final class Progress implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * A point in the ledger's work.
     *
     * @param committed by input partition, the offset up to which the ledger had decided
     * @param written by partition of its results, an offset behind everything that it wrote for that. Taken afterwards
     *     and from all records, not from committed ones: a transaction's end reaches the group's offsets and the results
     *     at different moments
     */
    record Point(Map<Integer, Long> committed, Map<TopicPartition, Long> written) {}

    private final Admin admin;
    private final Target target;

    Progress(Target target) {
        this.target = target;
        this.admin = Admin.create(target.client(Map.of()));
    }

    /** The point now, or nothing when Kafka does not tell, for want of permission or time. */
    Optional<Point> now(List<TopicPartition> results) {
        try {
            Map<Integer, Long> committed = new HashMap<>();
            get(admin.listConsumerGroupOffsets(target.applicationId()).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (partition.topic().equals(target.input()) && offset != null) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            results.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> written = new HashMap<>();
            get(admin.listOffsets(latest).all()).forEach((partition, end) -> written.put(partition, end.offset()));
            return Optional.of(new Point(committed, written));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return Optional.empty();
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}

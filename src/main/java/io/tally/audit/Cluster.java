package io.tally.audit;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** What the brokers say about topics and offsets. Every call throws {@link TimeoutException} when they do not answer. */
final class Cluster implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String ABORTED =
            "Kafka aborts one of a dead client after its transaction.timeout.ms. Wait and audit again.";

    private final Admin admin;
    private final Duration timeout;

    Cluster(Map<String, Object> connection, Duration timeout) {
        this.admin = Admin.create(connection);
        this.timeout = timeout;
    }

    List<TopicPartition> partitions(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(description -> description.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** The group's offsets in a topic, once no transaction is open that may change them. */
    Map<Integer, Long> committed(String group, String topic) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<Integer, Long> stable = committed(group, topic, true);
            // A partition whose next offset is just being committed is left out, not waited for.
            if (stable.keySet().containsAll(committed(group, topic, false).keySet())) {
                return stable;
            }
            if (System.nanoTime() > deadline) {
                throw new AuditRefusedException(
                        "The offsets of group " + group + " in " + topic + " stay uncommitted for "
                                + timeout.toSeconds() + " s: a transaction that holds them is open. " + ABORTED);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Map<Integer, Long> committed(String group, String topic, boolean stable) {
        Map<Integer, Long> offsets = new TreeMap<>();
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable);
        await(admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()), options)
                        .partitionsToOffsetAndMetadata(group))
                .forEach((partition, offset) -> {
                    if (partition.topic().equals(topic) && offset != null) {
                        offsets.put(partition.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    /**
     * The last stable offsets, once they have passed the present end of the log: what was written up to a committed offset
     * can still await its commit marker, which is a write of its own, or stand behind the open transaction of an instance that
     * was killed.
     *
     * @throws AuditRefusedException if a transaction stays open: to go on would mean to miss what is there
     */
    Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> written = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<TopicPartition, Long> stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
            List<TopicPartition> behind = written.entrySet().stream()
                    .filter(end -> stable.getOrDefault(end.getKey(), 0L) < end.getValue())
                    .map(Map.Entry::getKey)
                    .toList();
            if (behind.isEmpty()) {
                return stable;
            }
            if (System.nanoTime() > deadline) {
                List<String> held = behind.stream()
                        .map(partition -> partition + " from " + stable.get(partition) + owners(partition))
                        .toList();
                throw new AuditRefusedException("Open transactions hold back the end of " + held + " for "
                        + timeout.toSeconds() + " s. " + ABORTED);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Whose transactions are open there, as far as Kafka tells it this client. */
    private String owners(TopicPartition partition) {
        try {
            Set<Long> producers =
                    await(admin.describeProducers(List.of(partition)).partitionResult(partition))
                            .activeProducers()
                            .stream()
                            .filter(producer ->
                                    producer.currentTransactionStartOffset().isPresent())
                            .map(ProducerState::producerId)
                            .collect(Collectors.toCollection(TreeSet::new));
            ListTransactionsOptions options = new ListTransactionsOptions().filterProducerIds(producers);
            List<String> ids = producers.isEmpty()
                    ? List.of()
                    : await(admin.listTransactions(options).all()).stream()
                            .map(TransactionListing::transactionalId)
                            .toList();
            return " (producer ids " + producers + ", transactional ids " + ids + ")";
        } catch (TimeoutException | AuditRefusedException e) {
            return " (Kafka does not say by which producer: " + e.getMessage() + ")";
        }
    }

    /** @throws AuditRefusedException if one of the partitions does not begin at offset 0 */
    void requireWhole(Collection<TopicPartition> partitions) {
        offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED)
                .forEach((partition, offset) -> {
                    if (offset != 0) {
                        throw new AuditRefusedException(
                                "Expected all of " + partition + ", but it begins at offset " + offset
                                        + ": its first records were deleted, and nothing that rests on them can be checked. Set"
                                        + " retention.ms and retention.bytes to -1 and bring the topic back from a backup; other"
                                        + " partitions can be audited with --partition.");
                    }
                });
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> specs =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(specs, new ListOffsetsOptions(level)).all())
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditRefusedException("The audit was interrupted", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(
                    "Expected an answer within " + timeout.toSeconds() + " s, but there was none", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException silence) {
                throw silence;
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new AuditRefusedException(
                    "Expected an answer of Kafka, but it refused: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

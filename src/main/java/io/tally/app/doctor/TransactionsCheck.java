package io.tally.app.doctor;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that partitions of the ledger have open while their coordinator has ended them, or knows nothing of them:
 * nobody will end them there, and what stands behind them is not read (docs/adr/0012).
 */
public final class TransactionsCheck {
    private static final String SUBJECT = "left open";

    /** The longest that a broker lets a transaction be, by default: of others, this client may not be told. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final String FIX =
            "Do not abort it before you know how it ended: docs/OPERATIONS.md, Transactions that Kafka leaves open.";

    /** A transaction that a partition has open. */
    private record Open(TopicPartition partition, long producerId, long startOffset, long lastTimestamp) {}

    private final Admin admin;
    private final Clock clock;

    public TransactionsCheck(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /** What was found in these topics; those that do not exist are left out. */
    public List<Finding> findings(Collection<String> topics) {
        try {
            List<TopicPartition> partitions = partitions(topics);
            Set<Open> before = open(partitions);
            Map<Long, TransactionDescription> known = known(before);
            // One that was ended since is open no more: those that are left were open before and after it was asked
            // for.
            Set<Open> hanging = open(partitions);
            hanging.retainAll(before);
            hanging.removeIf(open -> lives(open, known.get(open.producerId())));
            return hanging.isEmpty()
                    ? List.of(Finding.ok(
                            SUBJECT, "no transaction that nobody will end, in " + partitions.size() + " partitions"))
                    : hanging.stream().map(TransactionsCheck::problem).toList();
        } catch (ExecutionException | TimeoutException e) {
            return List.of(ClusterCheck.notTold(SUBJECT, e));
        }
    }

    private List<TopicPartition> partitions(Collection<String> topics) throws ExecutionException, TimeoutException {
        Set<String> existing = new HashSet<>(topics);
        existing.retainAll(ClusterCheck.await(admin.listTopics().names()));
        return ClusterCheck.await(admin.describeTopics(existing).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Set<Open> open(List<TopicPartition> partitions) throws ExecutionException, TimeoutException {
        Map<TopicPartition, PartitionProducerState> states =
                ClusterCheck.await(admin.describeProducers(partitions).all());
        return states.entrySet().stream()
                .flatMap(state -> state.getValue().activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .map(producer -> open(state.getKey(), producer)))
                .collect(Collectors.toSet());
    }

    private static Open open(TopicPartition partition, ProducerState producer) {
        return new Open(
                partition,
                producer.producerId(),
                producer.currentTransactionStartOffset().getAsLong(),
                producer.lastTimestamp());
    }

    /** What the coordinators tell this client, by producer id. */
    private Map<Long, TransactionDescription> known(Set<Open> open) throws ExecutionException, TimeoutException {
        Map<Long, TransactionDescription> known = new TreeMap<>();
        if (open.isEmpty()) {
            return known;
        }
        ListTransactionsOptions options = new ListTransactionsOptions()
                .filterProducerIds(open.stream().map(Open::producerId).collect(Collectors.toSet()));
        List<String> ids = ClusterCheck.await(admin.listTransactions(options).all()).stream()
                .map(TransactionListing::transactionalId)
                .toList();
        for (TransactionDescription description :
                ClusterCheck.await(admin.describeTransactions(ids).all()).values()) {
            known.put(description.producerId(), description);
        }
        return known;
    }

    private boolean lives(Open open, @Nullable TransactionDescription description) {
        return description == null
                ? clock.millis() - open.lastTimestamp() < LONGEST.toMillis()
                : description.topicPartitions().contains(open.partition());
    }

    private static Finding problem(Open open) {
        return Finding.problem(
                SUBJECT,
                "%s stands still at offset %d: the transaction of producer id %d has ended, but is open there"
                        .formatted(open.partition(), open.startOffset(), open.producerId()),
                FIX);
    }
}

package io.tally.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Finds transactions that partitions have open and that nobody will end there, as their coordinator has ended them or knows
 * nothing of them (docs/adr/0012). What stands behind them is not read, and what their producer writes next is joined to them:
 * the next end is taken for theirs.
 */
public final class HangingTransactions {
    /**
     * Such a transaction.
     *
     * @param startOffset of its first record in the partition
     * @param lastWritten as its last record dates itself
     * @param transactionalId whose it is; null if no coordinator tells this client of it: then it may live, and be a stranger's
     */
    public record Hanging(
            TopicPartition partition,
            long startOffset,
            long producerId,
            Instant lastWritten,
            @Nullable String transactionalId) {}

    /** A transaction that a partition has open. */
    private record Open(TopicPartition partition, long producerId, int producerEpoch, long startOffset) {}

    /** What a coordinator says of a producer. */
    private record Owner(String transactionalId, TransactionDescription transaction) {}

    private final Admin admin;

    public HangingTransactions(Admin admin) {
        this.admin = admin;
    }

    /**
     * Those of topics; a topic that does not exist has none.
     *
     * @throws StartRefusedException if the cluster does not say
     */
    public List<Hanging> in(Collection<String> topics) {
        List<TopicPartition> partitions = partitions(topics);
        Map<Open, Instant> before = open(partitions);
        if (before.isEmpty()) {
            return List.of();
        }
        Map<Long, Owner> owners = owners(before.keySet());
        // One that was ended since is open no more: those that are left were open before and after their owner was
        // asked for.
        Map<Open, Instant> after = open(partitions);
        List<Hanging> hanging = new ArrayList<>();
        before.forEach((open, lastWritten) -> {
            Owner owner = owners.get(open.producerId());
            if (after.containsKey(open) && !lives(open, owner)) {
                hanging.add(hanging(open, lastWritten, owner));
            }
        });
        return hanging;
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        Set<String> existing = new HashSet<>(topics);
        existing.retainAll(AdminCalls.await(admin.listTopics().names(), "which topics there are"));
        return AdminCalls.await(admin.describeTopics(existing).allTopicNames(), "which partitions there are")
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<Open, Instant> open(List<TopicPartition> partitions) {
        Map<Open, Instant> open = new HashMap<>();
        AdminCalls.await(admin.describeProducers(partitions).all(), "which transactions are open")
                .forEach((partition, state) -> {
                    for (ProducerState producer : state.activeProducers()) {
                        producer.currentTransactionStartOffset()
                                .ifPresent(start -> open.put(
                                        new Open(partition, producer.producerId(), producer.producerEpoch(), start),
                                        Instant.ofEpochMilli(producer.lastTimestamp())));
                    }
                });
        return open;
    }

    /** By producer id, as far as this client may know them. */
    private Map<Long, Owner> owners(Set<Open> open) {
        ListTransactionsOptions options = new ListTransactionsOptions()
                .filterProducerIds(open.stream().map(Open::producerId).collect(Collectors.toSet()));
        Map<Long, Owner> owners = new HashMap<>();
        for (TransactionListing listing :
                AdminCalls.await(admin.listTransactions(options).all(), "whose transactions are open")) {
            String id = listing.transactionalId();
            try {
                TransactionDescription transaction = AdminCalls.orThrow(
                        admin.describeTransactions(List.of(id)).description(id));
                owners.put(transaction.producerId(), new Owner(id, transaction));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw new StartRefusedException(
                            "Kafka did not say what becomes of the transactions of " + id, AdminCalls.error(e));
                }
            }
        }
        return owners;
    }

    /** While it is being ended, its coordinator may have given its producer the next epoch already. */
    private static boolean lives(Open open, @Nullable Owner owner) {
        if (owner == null) {
            return false;
        }
        TransactionDescription transaction = owner.transaction();
        boolean another =
                transaction.state() == TransactionState.ONGOING && transaction.producerEpoch() != open.producerEpoch();
        return !another && transaction.topicPartitions().contains(open.partition());
    }

    private static Hanging hanging(Open open, Instant lastWritten, @Nullable Owner owner) {
        return new Hanging(
                open.partition(),
                open.startOffset(),
                open.producerId(),
                lastWritten,
                owner == null ? null : owner.transactionalId());
    }
}

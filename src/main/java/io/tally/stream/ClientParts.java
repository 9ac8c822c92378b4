package io.tally.stream;

import java.util.Collection;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What every stream thread's consumer and producer work with.
 *
 * @param transactions finds the thread's transaction
 * @param topics the ledger's
 * @param partitions where users belong
 * @param beforeRestore told of partitions that come; when it throws, nothing of them is restored, and the thread ends
 * @param lease hears of heartbeats
 * @param progress hears of what was polled
 * @param failStop ends the process when it cannot go on safely
 */
record ClientParts(
        ThreadTransactions transactions,
        LedgerTopics topics,
        UserPartitions partitions,
        Consumer<Collection<TopicPartition>> beforeRestore,
        GroupLease lease,
        InputProgress progress,
        FailStop failStop) {}

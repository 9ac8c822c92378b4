package io.tally.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who had partitions before this process, and left a transaction open. Thread-safe.
 *
 * <p>Rule: when a partition is assigned, no transaction of another process that has written to its journal stays open. Kafka
 * Streams restores up to the end that it finds, open transactions included, and so would wait for the time-out of one whose
 * process is gone; readers of outcomes wait as well. The process that this one follows is another one, though they share
 * their ids: a thread that gets no partition never ends what it left open under its id.
 *
 * <p>A transaction that has only read what leaves no entry does not tell whose partitions it is about. It holds up their
 * offsets, or the input that it has copied to: it is ended when it stands still for longer than a healthy one does.
 */
final class Predecessors {
    private static final Logger log = LoggerFactory.getLogger(Predecessors.class);

    /** For each of its four waits; together below the poll interval, as the stream thread waits. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A healthy transaction has changed or ended sooner: it takes milliseconds, and is asked to commit after each poll. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** Kafka's topic of the groups' offsets. */
    private static final String OFFSETS = "__consumer_offsets";

    private final Map<String, String> kafka;
    private final String idPrefix;
    private final LedgerTopics topics;
    private final Set<String> ownIds;

    /**
     * Connects to nobody yet.
     *
     * @param kafka client settings
     * @param applicationId the beginning of the transactional ids of all processes of the ledger
     * @param ownIds the transactional ids under which this process has begun, as they are at each time; locked while others'
     *     transactions are looked for and ended, so that no thread begins under one of these meanwhile
     */
    Predecessors(Map<String, String> kafka, String applicationId, LedgerTopics topics, Set<String> ownIds) {
        this.kafka = kafka;
        this.idPrefix = applicationId + "-";
        this.topics = topics;
        this.ownIds = ownIds;
    }

    /**
     * Ends what others left open.
     *
     * @param assigned input partitions that are this process's from now on, one at least
     * @throws KafkaException if it is not sure that nothing is left open
     */
    void endTransactions(Collection<TopicPartition> assigned) {
        Set<Integer> partitions =
                assigned.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
        config.put(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, TopicIdentity.CONNECT_MS);
        try (Admin admin = Admin.create(config)) {
            synchronized (ownIds) {
                List<String> open = open(admin, partitions);
                if (!open.isEmpty()) {
                    log.warn("Ending transactions that former owners of {} left open: {}", partitions, open);
                    await(admin.fenceProducers(open).all());
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(
                    "Expected to end the transactions that former owners of " + partitions + " left open, but " + e, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** The others' transactional ids whose open transaction has written for one of the partitions, or stands still. */
    private List<String> open(Admin admin, Set<Integer> partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        ListTransactionsOptions ongoing = new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));
        List<String> others = await(admin.listTransactions(ongoing).all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(idPrefix) && !ownIds.contains(id))
                .toList();
        List<String> open = new ArrayList<>();
        Map<String, TransactionDescription> silent = new HashMap<>();
        describe(admin, others).forEach((id, transaction) -> {
            if (isAbout(transaction, partitions)) {
                open.add(id);
            } else if (isSilent(transaction)) {
                silent.put(id, transaction);
            }
        });
        open.addAll(standingStill(admin, silent));
        return open;
    }

    private static Map<String, TransactionDescription> describe(Admin admin, Collection<String> ids)
            throws ExecutionException, InterruptedException, TimeoutException {
        DescribeTransactionsResult descriptions = admin.describeTransactions(ids);
        Map<String, TransactionDescription> described = new HashMap<>();
        for (String id : ids) {
            try {
                described.put(id, await(descriptions.description(id)));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw e;
                }
            }
        }
        return described;
    }

    private boolean isAbout(TransactionDescription transaction, Set<Integer> partitions) {
        return transaction.topicPartitions().stream()
                .anyMatch(partition -> partitions.contains(partition.partition()) && hasEntries(partition));
    }

    private boolean hasEntries(TopicPartition partition) {
        return partition.topic().equals(topics.journal()) || partition.topic().equals(topics.output());
    }

    /**
     * Whether it says nothing of its partitions. Dead letters stand in whatever partition their keys lead to, copies in that of
     * their user, and offsets in the group's, so a healthy owner of others may have sent them.
     */
    private boolean isSilent(TransactionDescription transaction) {
        return transaction.topicPartitions().stream()
                .map(TopicPartition::topic)
                .allMatch(topic ->
                        topic.equals(topics.deadLetters()) || topic.equals(topics.input()) || topic.equals(OFFSETS));
    }

    /** Those that stay as they are for {@link #STANDSTILL}. */
    private static Set<String> standingStill(Admin admin, Map<String, TransactionDescription> transactions)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, TransactionDescription> still = new HashMap<>(transactions);
        long start = System.nanoTime();
        while (!still.isEmpty() && System.nanoTime() - start < STANDSTILL.toNanos()) {
            Thread.sleep(LOOK_AGAIN.toMillis());
            Map<String, TransactionDescription> now = describe(admin, still.keySet());
            still.entrySet().removeIf(before -> !before.getValue().equals(now.get(before.getKey())));
        }
        return still.keySet();
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}

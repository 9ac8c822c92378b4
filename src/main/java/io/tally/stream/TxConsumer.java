package io.tally.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A stream thread's main consumer, which also sets the pace of commits.
 *
 * <p><b>Group commit.</b> Kafka Streams polls again when all that it polled is processed. If something is uncommitted then,
 * this asks for the commit and polls without waiting. An idle ledger so commits each record at once; under load a batch is
 * whatever arrived during the last commit. After a commit, at least the time that its end took passes before the next is
 * requested: the slower commits are, the more records share one. While polls are full, more records wait, and join the
 * transaction until it is large.
 */
final class TxConsumer extends KafkaConsumer<byte[], byte[]> {
    /** From so many records on, waiting ones no longer hold back the commit (ADR 24). */
    static final int LARGE_TRANSACTION = 15_000;
    /** Where polls are set to bring fewer records, transactions have fewer as well. */
    private static final int POLLS_OF_LARGE_TRANSACTION = 5;

    private static final Duration NO_WAIT = Duration.ZERO;
    /** While commits are held up, in a rebalance for example, asking again must not spin. */
    private static final Duration RETRY_WAIT = Duration.ofMillis(1);
    /**
     * For the offsets of partitions that come. They are held up while a transaction has some on its way; the thread's other
     * partitions go on meanwhile, as Kafka Streams asks again and polls in between.
     */
    private static final Duration OFFSETS_WAIT = Duration.ofSeconds(1);

    private final TxScope scope;
    private final ClientParts parts;
    private final GroupLease.Member member;
    private final long fullPoll;
    private final long largeTransaction;
    private boolean pollWasFull;
    private boolean requested;

    /** Makes a consumer that has no partitions yet. */
    TxConsumer(Map<String, Object> config, TxScope scope, ClientParts parts) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.scope = scope;
        this.parts = parts;
        this.fullPoll = number(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config);
        this.largeTransaction = Math.min(LARGE_TRANSACTION, POLLS_OF_LARGE_TRANSACTION * fullPoll);
        this.member = parts.lease()
                .watch(
                        metrics(),
                        duration(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, config),
                        duration(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, config),
                        duration(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, config));
    }

    private static Duration duration(String name, Map<String, Object> config) {
        return Duration.ofMillis(number(name, config));
    }

    private static long number(String name, Map<String, Object> config) {
        Object unset = ConsumerConfig.configDef().defaultValues().get(name);
        return StreamsProperties.number(name, config.getOrDefault(name, unset));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        member.look();
        ConsumerRecords<byte[], byte[]> records = super.poll(shorter(untilCommit(timeout), timeout));
        member.confirm();
        parts.progress().polled(records);
        pollWasFull = records.count() >= fullPoll;
        return records;
    }

    /** How long records may be waited for; asks for the commit when that is due. */
    private Duration untilCommit(Duration whenIdle) {
        if (!scope.hasUncommitted()) {
            requested = false;
            return whenIdle;
        }
        if (pollWasFull && scope.records() < largeTransaction) {
            return NO_WAIT;
        }
        Duration pause = scope.pauseBeforeCommit();
        if (!pause.isZero()) {
            return pause;
        }
        Duration wait = requested ? RETRY_WAIT : NO_WAIT;
        requested = true;
        scope.requestCommit();
        return wait;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = super.committed(partitions, OFFSETS_WAIT);
        scope.committedInputSeen(committed);
        return committed;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Assignments(listener));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        super.subscribe(pattern, new Assignments(listener));
    }

    /**
     * Watches partitions come and go. What comes is taken over before Kafka Streams begins to restore it. What was lost may
     * already be written to elsewhere, and Kafka Streams would delete its stores here.
     */
    private final class Assignments implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener listener;

        Assignments(ConsumerRebalanceListener listener) {
            this.listener = listener;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            listener.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                parts.beforeRestore().accept(partitions);
            }
            listener.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                parts.failStop().stop("the group gave " + partitions + " to another member", null);
            }
            listener.onPartitionsLost(partitions);
        }
    }
}

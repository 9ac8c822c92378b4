package io.tally.stream;

import io.tally.store.Acknowledged;
import io.tally.store.OnceTask;
import io.tally.store.Participant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * One stream thread's transaction: which stores wrote in it, which input partitions it has read, what the brokers
 * acknowledged. For the stream thread, except {@link #acknowledged}, which the producer's thread calls, and the ending of large
 * transactions, which another thread runs.
 *
 * <p>Rule: a transaction commits with the offsets of every partition that it has read from, or not at all. After a time-out
 * in one task, Kafka Streams would commit the others' offsets in the same transaction, and with them what the failed task
 * had sent; its input would be decided again.
 */
final class TxScope {
    /** With so many input records or fewer, stores are written at once: another thread would take longer to wake up. */
    static final int AT_ONCE = 100;

    private record Answer(RequestId request, Verdict verdict) {}

    private final String inputTopic;
    private final Waiters waiters;
    private final CommitListener listener;
    private final Executor storeWriter;
    private final List<Answer> answers = new ArrayList<>();
    private final Set<Participant> participants = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Integer, ProcessingContext> touchedByPartition = new HashMap<>();
    private final Map<TopicPartition, Acknowledged> acknowledgedByChangelog = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committedInput = new HashMap<>();
    private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
    /** How the transaction before ends: its stores, and who waits for it. */
    private OnceTask ending = OnceTask.NOTHING;

    private int records;
    private long startedAt;
    private long commitStartedAt;
    private long endStartedAt;
    private long endedAt;
    private long endTook;

    /** @param storeWriter runs what brings large transactions to the stores while the next one is decided */
    TxScope(String inputTopic, Waiters waiters, CommitListener listener, Executor storeWriter) {
        this.inputTopic = inputTopic;
        this.waiters = waiters;
        this.listener = listener;
        this.storeWriter = storeWriter;
    }

    void enlist(Participant participant) {
        participants.add(participant);
    }

    void withdraw(Participant participant) {
        participants.remove(participant);
        touchedByPartition.remove(participant.changelog().partition());
    }

    /** Notes that a record of the partition is processed. */
    void touch(int partition, ProcessingContext context) {
        if (records++ == 0) {
            startedAt = System.nanoTime();
        }
        touchedByPartition.put(partition, context);
    }

    /** Keeps the verdict on a record for its caller, until it is true. */
    void answer(@Nullable RequestId request, Verdict verdict) {
        if (request != null && waiters.isWaiting(request)) {
            answers.add(new Answer(request, verdict));
        }
    }

    /** How many records were processed that are not committed. */
    int records() {
        return records;
    }

    /** Whether anything was processed that is not committed. */
    boolean hasUncommitted() {
        return !touchedByPartition.isEmpty();
    }

    /** Asks Kafka Streams to commit when its loop comes round. */
    void requestCommit() {
        touchedByPartition.values().forEach(ProcessingContext::commit);
    }

    /**
     * How long to go on without a commit: as long as the last transaction took to end, once its offsets were added. So the
     * slower transactions end, the more records share one.
     */
    Duration pauseBeforeCommit() {
        long left = endTook - (System.nanoTime() - endedAt);
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** Notes that the brokers have a journal record with so many entries. */
    void acknowledged(TopicPartition changelog, long offset, int entries) {
        acknowledgedByChangelog.merge(
                changelog, Acknowledged.NOTHING.and(offset, entries), (known, ignored) -> known.and(offset, entries));
    }

    /** Notes that the commit begins: everything is sent, and the input offsets are about to be added. */
    void commitBegins() {
        commitStartedAt = System.nanoTime();
    }

    /** Notes the input offsets that commit with the transaction. */
    void offsetsAdded(Map<TopicPartition, OffsetAndMetadata> added) {
        offsets = Map.copyOf(added);
        endStartedAt = System.nanoTime();
    }

    /** Input partitions that were read from but whose offsets are not among these. */
    Set<Integer> missingFrom(Map<TopicPartition, OffsetAndMetadata> candidate) {
        Set<Integer> missing = new HashSet<>(touchedByPartition.keySet());
        candidate.keySet().forEach(partition -> missing.remove(partition.partition()));
        return missing;
    }

    /** Journal partitions of which the brokers have not acknowledged as many entries as were put. */
    Set<Integer> notJournalled() {
        Set<Integer> differing = new HashSet<>();
        for (Participant participant : participants) {
            if (acknowledgedOf(participant).entries() != participant.openEntries()) {
                differing.add(participant.changelog().partition());
            }
        }
        return differing;
    }

    /** The group's committed offset of an input partition, 0 when none was seen. */
    long committedInput(int partition) {
        return committedInput.getOrDefault(new TopicPartition(inputTopic, partition), 0L);
    }

    void committedInputSeen(Map<TopicPartition, OffsetAndMetadata> seen) {
        seen.forEach((partition, offset) -> {
            if (offset != null) {
                committedInput.merge(partition, offset.offset(), Math::max);
            }
        });
    }

    /**
     * Tells every store, and then every caller, that the transaction has committed. Of a large one, readers and callers
     * may hear after this has returned.
     *
     * @param onLateFailure told, on another thread, when it could not be brought to the stores by then
     * @throws RuntimeException if it, or the one before, could not be brought to the stores
     */
    void committed(Consumer<Throwable> onLateFailure) {
        // One after the other: otherwise an older offset would go before a newer one.
        ending.complete();
        ending = ending();
        if (records > AT_ONCE) {
            completeLater(ending, onLateFailure);
        } else {
            ending.complete();
        }
        endedAt = System.nanoTime();
        endTook = endedAt - endStartedAt;
        reset();
    }

    private Acknowledged acknowledgedOf(Participant participant) {
        return acknowledgedByChangelog.getOrDefault(participant.changelog(), Acknowledged.NOTHING);
    }

    private OnceTask ending() {
        List<OnceTask> writes = new ArrayList<>();
        for (Participant participant : participants) {
            writes.add(participant.committed(acknowledgedOf(participant)));
        }
        committedInputSeen(offsets);
        Map<Participant, Long> inputs = new IdentityHashMap<>();
        for (Participant participant : participants) {
            inputs.put(participant, committedInput(participant.changelog().partition()));
        }
        List<Answer> told = List.copyOf(answers);
        int count = records;
        long started = startedAt;
        long commitStarted = commitStartedAt;
        return new OnceTask(() -> {
            writes.forEach(OnceTask::complete);
            // After all stores: who hears of a decision may look it up at once.
            inputs.forEach(Participant::inputCommitted);
            told.forEach(answer -> waiters.complete(answer.request(), answer.verdict()));
            if (count > 0) {
                long now = System.nanoTime();
                listener.committed(count, now - started, now - commitStarted);
            }
        });
    }

    private void completeLater(OnceTask task, Consumer<Throwable> onFailure) {
        try {
            storeWriter.execute(() -> {
                try {
                    task.complete();
                } catch (Throwable e) {
                    // Also an Error: it would end this thread, and nobody would know.
                    onFailure.accept(e);
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // There is no thread to be had.
            task.complete();
        }
    }

    /** Tells every store that the transaction came to nothing. */
    void aborted() {
        participants.forEach(Participant::aborted);
        reset();
    }

    private void reset() {
        records = 0;
        answers.clear();
        participants.clear();
        touchedByPartition.clear();
        acknowledgedByChangelog.clear();
        offsets = Map.of();
    }
}

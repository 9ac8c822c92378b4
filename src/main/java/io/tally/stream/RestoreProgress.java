package io.tally.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of the journal is read again before this process answers for all its partitions. Thread-safe. */
final class RestoreProgress implements StateRestoreListener {
    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

    /** Offsets that are still to be read: the next one, and the one behind the last; and what the store had been given before. */
    private record Left(long next, long end, long entriesBefore) {}

    private final ToLongFunction<TopicPartition> entries;
    private final Map<TopicPartition, Left> leftByJournal = new ConcurrentHashMap<>();

    /** @param entries how many entries the journal's store was given so far */
    RestoreProgress(ToLongFunction<TopicPartition> entries) {
        this.entries = entries;
    }

    /** Partitions that are being restored. */
    int partitions() {
        return leftByJournal.size();
    }

    /** Offsets between where the restores are and where they end; transaction markers count as well. */
    long offsetsLeft() {
        return leftByJournal.values().stream()
                .mapToLong(left -> Math.max(0, left.end - left.next))
                .sum();
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String storeName, long startingOffset, long endingOffset) {
        log.info("Restoring {} from offset {} to {}", partition, startingOffset, endingOffset);
        leftByJournal.put(partition, new Left(startingOffset, endingOffset, entries.applyAsLong(partition)));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String storeName, long batchEndOffset, long numRestored) {
        log.debug("Restored {} records of {}", numRestored, partition);
        leftByJournal.computeIfPresent(
                partition, (journal, left) -> new Left(batchEndOffset + 1, left.end, left.entriesBefore));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Restored {} entries of {}, from {} records", endOf(partition), partition, totalRestored);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Stopped restoring {} after {} entries", partition, endOf(partition));
    }

    /** Returns how many entries the restore had that ends with it. */
    private long endOf(TopicPartition partition) {
        Left left = leftByJournal.remove(partition);
        return left == null ? 0 : entries.applyAsLong(partition) - left.entriesBefore;
    }
}

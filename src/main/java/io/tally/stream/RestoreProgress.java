package io.tally.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of the journal is read again before this process answers for all its partitions. Thread-safe. */
final class RestoreProgress implements StateRestoreListener {
    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

    /** Offsets that are still to be read: the next one, and the one behind the last. */
    private record Left(long next, long end) {}

    private final Map<TopicPartition, Left> leftByJournal = new ConcurrentHashMap<>();

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
        leftByJournal.put(partition, new Left(startingOffset, endingOffset));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String storeName, long batchEndOffset, long numRestored) {
        log.debug("Restored {} records of {}", numRestored, partition);
        leftByJournal.computeIfPresent(partition, (journal, left) -> new Left(batchEndOffset + 1, left.end));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Restored {} records of {}", totalRestored, partition);
        leftByJournal.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Stopped restoring {} after {} records", partition, totalRestored);
        leftByJournal.remove(partition);
    }
}

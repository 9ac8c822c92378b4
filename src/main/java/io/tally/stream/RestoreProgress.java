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

    private record Stretch(long next, long end) {}

    private final Map<TopicPartition, Stretch> stretchByJournal = new ConcurrentHashMap<>();

    /** Partitions that are being restored. */
    int partitions() {
        return stretchByJournal.size();
    }

    /** Offsets between where the restores are and where they end; transaction markers count as well. */
    long offsetsLeft() {
        return stretchByJournal.values().stream()
                .mapToLong(stretch -> Math.max(0, stretch.end - stretch.next))
                .sum();
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String storeName, long startingOffset, long endingOffset) {
        log.info("Restoring {} from offset {} to {}", partition, startingOffset, endingOffset);
        stretchByJournal.put(partition, new Stretch(startingOffset, endingOffset));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String storeName, long batchEndOffset, long numRestored) {
        log.debug("Restored {} records of {}", numRestored, partition);
        stretchByJournal.computeIfPresent(
                partition, (journal, stretch) -> new Stretch(batchEndOffset + 1, stretch.end));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Restored {} records of {}", totalRestored, partition);
        stretchByJournal.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String storeName, long totalRestored) {
        log.info("Stopped restoring {} after {} records", partition, totalRestored);
        stretchByJournal.remove(partition);
    }
}

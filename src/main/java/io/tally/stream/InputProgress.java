package io.tally.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/**
 * How far this process is behind in its input. Kafka's own {@code records-lag} ends at the first open transaction, and so is 0
 * while everything waits behind it. Thread-safe.
 *
 * <p>What is committed alone would not do: at the end of a partition there may be aborted records and markers, which a
 * consumer passes over. Nobody commits that before the next record is decided, and nothing waits there.
 */
final class InputProgress {
    /** There are no records from {@code recordsEnd} on, up to {@code position}; both are offsets. */
    private record Polled(long recordsEnd, long position) {}

    private record Stand(long next, long sinceNanos) {}

    private final Map<Integer, Polled> polledByPartition = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private Map<Integer, Stand> standByPartition = Map.of();

    InputProgress() {
        this(System::nanoTime);
    }

    InputProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes note of what a poll of the input has returned, and of what it has passed over. */
    void polled(ConsumerRecords<byte[], byte[]> batch) {
        batch.nextOffsets().forEach((partition, next) -> {
            List<ConsumerRecord<byte[], byte[]>> records = batch.records(partition);
            Polled before = polledByPartition.get(partition.partition());
            long end;
            if (records.isEmpty()) {
                end = before == null ? 0 : before.recordsEnd;
            } else {
                end = records.get(records.size() - 1).offset() + 1;
            }
            polledByPartition.put(partition.partition(), new Polled(end, next.offset()));
        });
    }

    /**
     * How far behind it is now. A partition stands for as long as these calls have seen it where it is.
     *
     * @param ends of the partitions, exclusive, asked for before this call
     * @param committed the first input offset of a partition that is not in its committed state; null leaves it out
     * @return ascending by partition
     */
    synchronized List<InputLag> lags(Map<Integer, Long> ends, IntFunction<@Nullable Long> committed) {
        long now = nanoTime.getAsLong();
        Map<Integer, Stand> stands = new HashMap<>();
        List<InputLag> lags = new ArrayList<>();
        new TreeMap<>(ends).forEach((partition, end) -> {
            Long offset = committed.apply(partition);
            if (offset != null) {
                long next = next(partition, offset);
                long records = Math.max(0, end - next);
                Stand before = standByPartition.get(partition);
                Stand stand = before == null || before.next != next || records == 0 ? new Stand(next, now) : before;
                stands.put(partition, stand);
                lags.add(new InputLag(partition, records, Duration.ofNanos(now - stand.sinceNanos)));
            }
        });
        standByPartition = stands;
        return lags;
    }

    /** The offset before which everything is decided, or never will be a record. */
    private long next(int partition, long committed) {
        Polled polled = polledByPartition.get(partition);
        return polled == null || committed < polled.recordsEnd ? committed : Math.max(committed, polled.position);
    }
}

package io.tally.gateway;

import io.tally.stream.WireHeaders;
import io.tally.wire.DeadLetterNote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the dead-letter topic page by page, newest first. Nothing is kept between pages: each is read on demand, by a client
 * of its own, in bounded time and memory. Thread-safe; never waits.
 */
public final class DeadLetterGateway implements AutoCloseable {
    /** How long one page may be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Beside the page; of the largest letters, 32 are about 2 MiB. */
    private static final OffsetRangeReader.Bounds BOUNDS = new OffsetRangeReader.Bounds(1 << 20, 4 << 20, 32);

    private final Map<String, String> kafka;
    private final String topic;
    private final PageReads reads = new PageReads("dead letters");

    /**
     * Connects to nothing yet.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param topic the dead letters
     */
    public DeadLetterGateway(Map<String, String> kafka, String topic) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
    }

    /** A page; absent when the topic has no such partition. The future never fails. */
    public CompletableFuture<Reply<DeadLetterPage>> page(DeadLetterQuery query) {
        return reads.submit(() -> read(query));
    }

    private Reply<DeadLetterPage> read(DeadLetterQuery query) {
        try (OffsetRangeReader reader = new OffsetRangeReader(kafka, topic, BOUNDS, PATIENCE)) {
            List<Integer> partitions = reader.partitions();
            Integer only = query.partition();
            if (only != null && !partitions.contains(only)) {
                return new Reply.Absent<>();
            }
            SortedMap<Integer, Long> before = new TreeMap<>();
            for (int partition : partitions) {
                if (only == null || only == partition) {
                    before.put(partition, Long.MAX_VALUE);
                }
            }
            SortedMap<Integer, Long> rest = query.before();
            if (rest != null) {
                // Partitions that the cursor does not name were read to their beginning.
                before.keySet().retainAll(rest.keySet());
                before.replaceAll((partition, end) -> rest.getOrDefault(partition, end));
            }
            DeadLetterMerge.Letters letters =
                    (ranges, found) -> reader.read(ranges, record -> found.accept(letter(record)));
            DeadLetterPage page =
                    new DeadLetterMerge(tails(reader, before), letters, reader::hasTime).page(query.limit());
            return page == null ? reads.tooLate() : new Reply.Found<>(page);
        }
    }

    /** These partitions from their committed end, or from where a page ended, whichever is lower. */
    private static List<PartitionTail> tails(OffsetRangeReader reader, SortedMap<Integer, Long> before) {
        List<PartitionTail> tails = new ArrayList<>();
        reader.decided(before.keySet())
                .forEach((partition, whole) -> tails.add(new PartitionTail(
                        partition, whole.from(), Math.min(before.getOrDefault(partition, 0L), whole.to()))));
        return tails;
    }

    private static StoredDeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        return new StoredDeadLetter(
                record.partition(),
                record.offset(),
                record.timestamp(),
                DeadLetterNote.of(WireHeaders.ofKafka(record.headers())),
                record.key(),
                record.value());
    }

    /** Begins no more reads; those that run end within their time. */
    @Override
    public void close() {
        reads.close();
    }
}

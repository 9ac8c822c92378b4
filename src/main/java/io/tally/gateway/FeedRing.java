package io.tally.gateway;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The latest stretch of the outcomes, in the order in which they came, bounded in count and in bytes. Each event has an
 * index that grows by one and is never used again; within a partition the order is the log's. Not thread-safe.
 */
final class FeedRing {
    /** What a partition adds to the text of a position. Each event has its own in memory once a stream has come to it. */
    private static final int POSITION_BYTES = 7;

    private final int maxEvents;
    private final long maxBytes;
    private @Nullable OutcomeEvent[] events = {};
    private @Nullable String[] positions = {};
    private final @Nullable OutcomeEvent[] newest;
    private int topic;
    private long[] starts;
    private long[] ends;
    private long first;
    private long end;
    private long bytes;

    /**
     * Makes an empty ring.
     *
     * @param maxEvents a power of two
     */
    FeedRing(int partitions, int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.newest = new OutcomeEvent[partitions];
        this.starts = new long[partitions];
        this.ends = new long[partitions];
    }

    /** Forgets all events and begins at these offsets of a topic. */
    void restart(int newTopic, long[] from) {
        clear();
        events = new OutcomeEvent[maxEvents];
        positions = new String[maxEvents];
        topic = newTopic;
        starts = from.clone();
        ends = from.clone();
    }

    /** Forgets all events, and gives their memory back. */
    void clear() {
        events = new OutcomeEvent[0];
        positions = new String[0];
        Arrays.fill(newest, null);
        first = end;
        bytes = 0;
        starts = ends.clone();
    }

    /** Adds an event and drops as many old ones as the bounds ask for. Returns its index. */
    long add(OutcomeEvent event) {
        if (end - first == maxEvents) {
            drop();
        }
        events[slot(end)] = event;
        bytes += weight(event);
        newest[event.partition()] = event;
        ends[event.partition()] = event.offset() + 1;
        end++;
        while (bytes > maxBytes && end - first > 1) {
            drop();
        }
        return end - 1;
    }

    private void drop() {
        OutcomeEvent oldest = at(first);
        events[slot(first)] = null;
        positions[slot(first)] = null;
        bytes -= weight(oldest);
        starts[oldest.partition()] = oldest.offset() + 1;
        first++;
    }

    /** What an event costs here, in bytes. */
    long weight(OutcomeEvent event) {
        return event.weight() + (long) POSITION_BYTES * ends.length;
    }

    /** The last event of a partition, also when it was dropped; null when none has come. */
    @Nullable
    OutcomeEvent newest(int partition) {
        return newest[partition];
    }

    /** Takes note that everything before an offset is here; behind a transaction that is further than its last record. */
    void advance(int partition, long offset) {
        ends[partition] = Math.max(ends[partition], offset);
    }

    OutcomeEvent at(long index) {
        OutcomeEvent event = events[slot(index)];
        if (event == null || index < first || index >= end) {
            throw new IllegalArgumentException(
                    "Expected an index from " + first + " to " + (end - 1) + ", but got " + index);
        }
        return event;
    }

    /**
     * The position behind an event of who has read everything before it too.
     *
     * @param next that position, in case that nobody has asked for it yet
     */
    String positionAt(long index, long[] next) {
        String known = positions[slot(index)];
        if (known == null) {
            known = FeedPosition.text(topic, FeedPosition.ALL, next);
            positions[slot(index)] = known;
        }
        return known;
    }

    private int slot(long index) {
        return (int) (index & (maxEvents - 1));
    }

    /** Whether it was begun and not cleared since. */
    boolean isFilled() {
        return events.length > 0;
    }

    int topic() {
        return topic;
    }

    /** The index of the oldest event. */
    long first() {
        return first;
    }

    /** The index of the next event. */
    long end() {
        return end;
    }

    /** Per partition, the offset from which on no outcome is missing here. */
    long[] starts() {
        return starts.clone();
    }

    /** Per partition, the offset before which no outcome is missing here. */
    long[] ends() {
        return ends.clone();
    }

    /** What is here now, and does not change any more. */
    FeedStretch stretch() {
        return new FeedStretch(topic, starts(), ends());
    }

    /**
     * Per partition, the offset at which its newer half begins: where somebody goes on who has missed something. The state that
     * is read then may be older than the end by up to two transactions, which is less than this unless a backlog is decided.
     */
    long[] halfway() {
        long[] halfway = new long[ends.length];
        Arrays.setAll(halfway, partition -> starts[partition] + (ends[partition] - starts[partition]) / 2);
        return halfway;
    }

    boolean endsAt(long[] offsets) {
        return Arrays.equals(ends, offsets);
    }
}

package io.tally.gateway;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A partition that is read from its end to its beginning: range by range, each forwards. Offsets say nothing of how many
 * records a range has, since transactions that were aborted and the marker of every transaction take offsets too.
 */
final class PartitionTail {
    /** A first look: about thirty letters when each has a transaction of its own, and at most 5 MiB. */
    private static final int FIRST_LENGTH = 64;

    /** Ranges grow while nothing is found, so that long gaps do not take a round trip for every few offsets. */
    private static final int MAX_LENGTH = 8192;

    private final int partition;
    private final long beginning;
    private final Deque<StoredDeadLetter> known = new ArrayDeque<>();
    private long bottom;
    private int length = FIRST_LENGTH;
    private int bytes;
    private boolean reading;
    private boolean dropped;

    /**
     * Starts at an end.
     *
     * @param beginning the first offset of the partition
     * @param end only what is below it counts
     */
    PartitionTail(int partition, long beginning, long end) {
        this.partition = partition;
        this.beginning = beginning;
        this.bottom = end;
    }

    int partition() {
        return partition;
    }

    /** Whether it is not known what comes next, or whether anything does. */
    boolean isBlind() {
        return known.isEmpty() && bottom > beginning;
    }

    /** Whether everything was taken. */
    boolean isDone() {
        return known.isEmpty() && bottom <= beginning;
    }

    /** The range to read when nothing is known; ends with {@link #complete} or {@link #discard}. */
    OffsetRange next() {
        reading = true;
        return new OffsetRange(Math.max(beginning, bottom - length), bottom);
    }

    /** Takes the next letter of the range, in order of offsets. */
    void found(StoredDeadLetter letter) {
        known.addLast(letter);
        bytes += letter.bytes();
    }

    /** Forgets the oldest letter that is known, for want of memory; it is read again later. */
    void dropOldest() {
        bytes -= known.removeFirst().bytes();
        if (reading) {
            // Whether the range is read to its end, and what is known counts, shows later.
            dropped = true;
        } else {
            bottom = known.getFirst().offset();
        }
    }

    /** Ends a range that was read to its end. */
    void complete(OffsetRange range) {
        bottom = dropped ? known.getFirst().offset() : range.from();
        length = known.isEmpty() ? Math.min(MAX_LENGTH, 2 * length) : FIRST_LENGTH;
        dropped = false;
        reading = false;
    }

    /** Ends a range that was not: the newest of it are missing. */
    void discard() {
        known.clear();
        bytes = 0;
        dropped = false;
        reading = false;
    }

    /** The newest that is known; there must be one. */
    StoredDeadLetter head() {
        return known.getLast();
    }

    StoredDeadLetter take() {
        StoredDeadLetter letter = known.removeLast();
        bytes -= letter.bytes();
        return letter;
    }

    int count() {
        return known.size();
    }

    /** What is known takes this in memory, about. */
    int bytes() {
        return bytes;
    }

    /** Everything at or above it was taken. */
    long position() {
        return known.isEmpty() ? bottom : known.getLast().offset() + 1;
    }
}

package io.tally.store;

/**
 * Where an entry stands in an account's statement: by effective time, then by sequence.
 *
 * @param effectiveAt milliseconds since 1970 UTC
 * @param sequence the entry's sequence in the account
 */
public record TimelinePosition(long effectiveAt, long sequence) implements Comparable<TimelinePosition> {
    /** Larger than any sequence that fits the key. */
    static final long SEQUENCE_MAX = (1L << 48) - 1;

    /** Later than any effective time. */
    static final long TIME_MAX = (1L << 48) - 1;

    /** The position before every entry effective at the time or later. */
    public static TimelinePosition before(long effectiveAt) {
        return new TimelinePosition(Math.max(0, Math.min(effectiveAt, TIME_MAX)), 0);
    }

    /** The position behind every entry effective at the time, 0 or later, or earlier. */
    static TimelinePosition behind(long effectiveAt) {
        return new TimelinePosition(Math.min(effectiveAt, TIME_MAX), SEQUENCE_MAX);
    }

    TimelinePosition next() {
        return new TimelinePosition(effectiveAt, sequence + 1);
    }

    /** The position before this one; sequences start at 1, so there is one at the same time. */
    TimelinePosition previous() {
        return new TimelinePosition(effectiveAt, sequence - 1);
    }

    @Override
    public int compareTo(TimelinePosition other) {
        int byTime = Long.compare(effectiveAt, other.effectiveAt);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
}

package io.tally.gateway;

/**
 * A stretch of the outcomes of a topic, and how the position of somebody with an interest lies to it. Nothing is missing between its
 * starts and its ends.
 */
final class FeedStretch {
    private final int topic;
    private final long[] starts;
    private final long[] ends;

    /**
     * Makes a stretch of offsets that do not change any more.
     *
     * @param topic as in {@link FeedPosition#topic}
     * @param starts by partition, the first offset
     * @param ends by partition, the offset after the last
     */
    FeedStretch(int topic, long[] starts, long[] ends) {
        this.topic = topic;
        this.starts = starts;
        this.ends = ends;
    }

    /** The same from its starts to other ends. */
    FeedStretch to(long[] otherEnds) {
        return new FeedStretch(topic, starts, otherEnds);
    }

    /** Whether the position is one of this topic that was given to somebody of another interest. Other topics have other shapes. */
    boolean isMisplaced(Interest interest, FeedPosition position) {
        return position.topic() == topic
                && (position.partition() != interest.partition() || position.next().length != interest.of(ends).length);
    }

    /** Whether it ends before the position, which is one of this topic. */
    boolean endsBefore(Interest interest, FeedPosition position) {
        return position.topic() == topic
                && !isMisplaced(interest, position)
                && anyBelow(interest.of(ends), position.next());
    }

    /** Whether it has all that comes behind the position up to its ends. */
    boolean covers(Interest interest, FeedPosition position) {
        return position.topic() == topic
                && !anyBelow(position.next(), interest.of(starts))
                && !anyBelow(interest.of(ends), position.next());
    }

    /** Whether it goes up to these offsets, or further. */
    boolean hasReached(long[] offsets) {
        return !anyBelow(ends, offsets);
    }

    private static boolean anyBelow(long[] offsets, long[] bounds) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] < bounds[i]) {
                return true;
            }
        }
        return false;
    }
}

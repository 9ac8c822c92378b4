package io.tally.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Whose outcomes somebody wants to hear of.
 *
 * @param userId the one user, or null for all
 * @param partition that user's partition, or {@link FeedPosition#ALL}
 */
public record Interest(@Nullable String userId, int partition) {
    /** Every outcome of the ledger. */
    public static Interest everyone() {
        return new Interest(null, FeedPosition.ALL);
    }

    /** The outcomes of one user, all of which stand in this partition. */
    public static Interest user(String userId, int partition) {
        return new Interest(userId, partition);
    }

    /** The part of every partition's offsets that matters here, as a copy. */
    long[] of(long[] offsets) {
        return partition == FeedPosition.ALL ? offsets.clone() : new long[] {offsets[partition]};
    }
}

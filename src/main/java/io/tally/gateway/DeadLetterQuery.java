package io.tally.gateway;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters to bring.
 *
 * @param partition of the dead-letter topic, or null for all
 * @param before only letters below these offsets, by partition, and of no other partition: where a page ended. Null begins
 *     with the newest
 * @param limit how many at most, from 1
 */
public record DeadLetterQuery(
        @Nullable Integer partition, @Nullable SortedMap<Integer, Long> before, int limit) {
    /** The most that one page may bring. */
    public static final int MAX_LIMIT = 500;

    public DeadLetterQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("Expected 1 to " + MAX_LIMIT + " dead letters, but got " + limit);
        }
    }
}

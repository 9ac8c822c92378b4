package io.tally.store;

import io.tally.ledger.JournalEntry;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of an account a statement page shows.
 *
 * @param first the first position that may be shown
 * @param last the last position that may be shown
 * @param newestFirst whether the page starts at the end
 * @param accepted shows accepted entries only when true, rejected ones only when false, both when null
 * @param limit how many entries at most, 1 to {@link #MAX_LIMIT}
 */
public record StatementQuery(
        TimelinePosition first,
        TimelinePosition last,
        boolean newestFirst,
        @Nullable Boolean accepted,
        int limit) {

    /** The largest page. */
    public static final int MAX_LIMIT = 500;

    /** How many rows a page looks at: behind a filter that nothing passes it ends early, with a position to go on from. */
    static final int MAX_SCANNED = 5_000;

    public StatementQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("Expected a limit from 1 to " + MAX_LIMIT + ", but got " + limit);
        }
    }

    /** Everything, oldest first. */
    public static StatementQuery all(int limit) {
        return between(0, Long.MAX_VALUE, limit);
    }

    /**
     * Entries effective in a period, oldest first.
     *
     * @param from milliseconds since 1970 UTC, inclusive
     * @param to milliseconds since 1970 UTC, exclusive
     */
    public static StatementQuery between(long from, long to, int limit) {
        return new StatementQuery(TimelinePosition.before(from), TimelinePosition.before(to), false, null, limit);
    }

    /** The same query for the page that follows one that ended at the position. */
    public StatementQuery after(TimelinePosition position) {
        return newestFirst
                ? new StatementQuery(first, position.previous(), true, accepted, limit)
                : new StatementQuery(position.next(), last, false, accepted, limit);
    }

    boolean contains(TimelinePosition position) {
        return position.compareTo(first) >= 0 && position.compareTo(last) <= 0;
    }

    boolean accepts(JournalEntry entry) {
        return accepted == null || accepted == entry.accepted();
    }
}

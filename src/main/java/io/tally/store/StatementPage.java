package io.tally.store;

import io.tally.ledger.JournalEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a statement.
 *
 * @param items the entries, in the query's order; may be fewer than the limit although more follow
 * @param end where the page ended, to go on from with {@link StatementQuery#after}, or null when nothing follows
 */
public record StatementPage(
        List<JournalEntry> items, @Nullable TimelinePosition end) {
    public StatementPage {
        items = List.copyOf(items);
    }
}

package io.tally.store;

import io.tally.ledger.JournalEntry;
import org.jspecify.annotations.Nullable;

/** The rows of an account's two time indexes as one, in the direction of a statement query. */
final class Timeline {
    private final TimelineCursor inOrder;
    private final TimelineCursor late;
    private @Nullable TimelinePosition last;

    Timeline(TimelineCursor inOrder, TimelineCursor late) {
        this.inOrder = inOrder;
        this.late = late;
    }

    boolean hasNext() {
        return inOrder.position() != null || late.position() != null;
    }

    /** The entry of the next row. */
    JournalEntry next() {
        TimelineCursor next = inOrder.isBefore(late) ? inOrder : late;
        last = next.position();
        JournalEntry entry = next.entry();
        next.advance();
        return entry;
    }

    /** Where the row stands that was given last, or null before the first. */
    @Nullable
    TimelinePosition last() {
        return last;
    }
}

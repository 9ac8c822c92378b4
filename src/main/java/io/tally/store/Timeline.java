package io.tally.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

    /** The uids of the next rows, at most so many. */
    List<UUID> next(int limit) {
        List<UUID> uids = new ArrayList<>(limit);
        while (uids.size() < limit && hasNext()) {
            TimelineCursor next = inOrder.isBefore(late) ? inOrder : late;
            last = next.position();
            uids.add(next.uid());
            next.advance();
        }
        return uids;
    }

    /** Where the row stands that was given last, or null before the first. */
    @Nullable
    TimelinePosition last() {
        return last;
    }
}

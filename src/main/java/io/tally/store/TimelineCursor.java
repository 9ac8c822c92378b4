package io.tally.store;

import io.tally.ledger.Account;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** Walks one of an account's two time indexes within the bounds and in the direction of a statement query. */
final class TimelineCursor {
    private final RocksIterator rows;
    private final byte[] prefix;
    private final StatementQuery query;

    TimelineCursor(RocksIterator rows, byte index, Account account, StatementQuery query) {
        this.rows = rows;
        this.prefix = StoreKeys.timeline(index, account);
        this.query = query;
        if (query.newestFirst()) {
            rows.seekForPrev(StoreKeys.timeline(index, account, query.last()));
        } else {
            rows.seek(StoreKeys.timeline(index, account, query.first()));
        }
    }

    /** Where the cursor stands, or null behind the end. */
    @Nullable
    TimelinePosition position() {
        if (!LedgerReader.within(rows, prefix)) {
            LedgerReader.checkStatus(rows);
            return null;
        }
        TimelinePosition position = StoreKeys.positionOf(rows.key());
        return query.contains(position) ? position : null;
    }

    UUID uid() {
        return StoreValues.uid(rows.value());
    }

    void advance() {
        if (query.newestFirst()) {
            rows.prev();
        } else {
            rows.next();
        }
    }

    /** Whether this cursor's row comes before the other's in the query's direction. */
    boolean isBefore(TimelineCursor other) {
        TimelinePosition mine = position();
        TimelinePosition theirs = other.position();
        if (mine == null || theirs == null) {
            return mine != null;
        }
        return query.newestFirst() ? mine.compareTo(theirs) > 0 : mine.compareTo(theirs) < 0;
    }
}

package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** Walks one of an account's two time indexes within the bounds and in the direction of a statement query. */
final class TimelineCursor {
    private final RocksIterator rows;
    private final Account account;
    private final byte[] prefix;
    private final StatementQuery query;
    private @Nullable TimelinePosition position;

    TimelineCursor(RocksIterator rows, byte index, Account account, StatementQuery query) {
        this.rows = rows;
        this.account = account;
        this.prefix = StoreKeys.timeline(index, account);
        this.query = query;
        if (query.newestFirst()) {
            rows.seekForPrev(StoreKeys.timeline(index, account, query.last()));
        } else {
            rows.seek(StoreKeys.timeline(index, account, query.first()));
        }
        this.position = read();
    }

    /** Where the cursor stands, or null behind the end. */
    @Nullable
    TimelinePosition position() {
        return position;
    }

    JournalEntry entry() {
        return StoreValues.entry(account, rows.value());
    }

    void advance() {
        if (query.newestFirst()) {
            rows.prev();
        } else {
            rows.next();
        }
        position = read();
    }

    private @Nullable TimelinePosition read() {
        byte[] key = rows.isValid() ? rows.key() : null;
        if (key == null || !StoreKeys.startsWith(key, prefix)) {
            LedgerReader.checkStatus(rows);
            return null;
        }
        TimelinePosition found = StoreKeys.positionOf(key);
        return query.contains(found) ? found : null;
    }

    /** Whether this cursor's row comes before the other's in the query's direction. */
    boolean isBefore(TimelineCursor other) {
        if (position == null || other.position == null) {
            return position != null;
        }
        int order = position.compareTo(other.position);
        return query.newestFirst() ? order > 0 : order < 0;
    }
}

package io.tally.http;

import io.tally.ledger.Account;
import io.tally.store.StatementQuery;
import io.tally.store.TimelinePosition;
import org.jspecify.annotations.Nullable;

/**
 * Which of an account's outcomes a client wants to see.
 *
 * @param accepted accepted ones only, rejected ones only, or all when null
 * @param from effective time, milliseconds since 1970 UTC, inclusive
 * @param to effective time, milliseconds since 1970 UTC, exclusive
 * @param newestFirst whether the latest comes first
 */
record Statement(Account account, @Nullable Boolean accepted, long from, long to, boolean newestFirst) {
    static Statement all(Account account) {
        return new Statement(account, null, 0, Long.MAX_VALUE, false);
    }

    /** The page behind a position, or the first page. */
    StatementQuery page(@Nullable TimelinePosition behind, int limit) {
        StatementQuery first = new StatementQuery(
                TimelinePosition.before(from), TimelinePosition.before(to), newestFirst, accepted, limit);
        return behind == null ? first : first.after(behind);
    }
}

package io.tally.http;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.store.TimelinePosition;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a statement ended, with the statement itself. Opaque to clients.
 */
record StatementCursor(Statement statement, TimelinePosition end) {
    private static final String VERSION = "1";
    private static final int PARTS = 9;
    private static final long MAX_SEQUENCE = (1L << 48) - 1;

    /** The form that clients hold. */
    String toText() {
        Account account = statement.account();
        String fields = String.join(
                "/",
                VERSION,
                account.userId(),
                account.currency(),
                String.valueOf(statement.accepted()),
                Long.toString(statement.from()),
                Long.toString(statement.to()),
                Boolean.toString(statement.newestFirst()),
                Long.toString(end.effectiveAt()),
                Long.toString(end.sequence()));
        return SealedText.seal(fields);
    }

    /** Reads the clients' form; null when it is none of ours. */
    static @Nullable StatementCursor parse(String text) {
        try {
            String fields = SealedText.open(text);
            return fields == null ? null : of(fields.split("/", -1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable StatementCursor of(String[] parts) {
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return null;
        }
        Statement statement = new Statement(
                new Account(parts[1], parts[2]),
                parts[3].equals("null") ? null : Boolean.valueOf(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Boolean.parseBoolean(parts[6]));
        long effectiveAt = Long.parseLong(parts[7]);
        long sequence = Long.parseLong(parts[8]);
        boolean possible =
                effectiveAt >= 0 && effectiveAt <= Command.MAX_TIMESTAMP && sequence >= 1 && sequence < MAX_SEQUENCE;
        return possible ? new StatementCursor(statement, new TimelinePosition(effectiveAt, sequence)) : null;
    }
}

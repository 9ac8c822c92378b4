package io.tally.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A decided command: the one outcome that its (user, uid) will ever have. What the journal keeps and every other view is
 * derived from.
 *
 * @param command what was decided
 * @param sequence its place among the decided commands of the account, from 1 without gaps, rejected ones included
 * @param balance the account's balance after it, in minor units, 0 to {@link Money#MAX_BALANCE}
 * @param rejection why it was refused, or null when it was accepted
 * @param recordedAt the input record's time, milliseconds since 1970 UTC
 * @param source where in the input it stands
 */
public record JournalEntry(
        Command command,
        long sequence,
        long balance,
        @Nullable Rejection rejection,
        long recordedAt,
        Source source) {

    public JournalEntry {
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(source, "source");
        if (sequence < 1) {
            throw new IllegalArgumentException("Expected a sequence from 1, but got " + sequence);
        }
        if (balance < 0 || balance > Money.MAX_BALANCE) {
            throw new IllegalArgumentException("Expected a balance from 0 to 10^18 - 1, but got " + balance);
        }
    }

    public boolean accepted() {
        return rejection == null;
    }

    /** What it did to the balance, signed, in minor units; 0 when it was rejected and for an OPEN. */
    public long delta() {
        if (!accepted()) {
            return 0;
        }
        return switch (command.type()) {
            case OPEN -> 0;
            case DEPOSIT -> command.amount();
            case WITHDRAW -> -command.amount();
        };
    }
}

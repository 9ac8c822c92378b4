package io.tally.stream;

import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Rejection;
import io.tally.wire.DeadLetterCode;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the input records that this process decided, committed or not. Thread-safe. */
public final class LedgerCounters {
    private final LongAdder[] acceptedByType = zeros(CommandType.values().length);
    private final LongAdder[] rejectedByType = zeros(CommandType.values().length);
    private final LongAdder[] repeatedByType = zeros(CommandType.values().length);
    private final LongAdder[] rejectedByReason = zeros(Rejection.values().length);
    private final LongAdder[] deadLettersByCode = zeros(DeadLetterCode.values().length);
    private final LongAdder rerouted = new LongAdder();

    private static LongAdder[] zeros(int count) {
        LongAdder[] zeros = new LongAdder[count];
        Arrays.setAll(zeros, ignored -> new LongAdder());
        return zeros;
    }

    void decided(JournalEntry entry) {
        Rejection reason = entry.rejection();
        if (reason == null) {
            acceptedByType[entry.command().type().ordinal()].increment();
        } else {
            rejectedByType[entry.command().type().ordinal()].increment();
            rejectedByReason[reason.ordinal()].increment();
        }
    }

    void repeated(CommandType type) {
        repeatedByType[type.ordinal()].increment();
    }

    void rerouted() {
        rerouted.increment();
    }

    void deadLetter(DeadLetterCode code) {
        deadLettersByCode[code.ordinal()].increment();
    }

    public long acceptedCount(CommandType type) {
        return acceptedByType[type.ordinal()].sum();
    }

    public long rejectedCount(CommandType type) {
        return rejectedByType[type.ordinal()].sum();
    }

    public long rejectedCount(Rejection reason) {
        return rejectedByReason[reason.ordinal()].sum();
    }

    /** Commands whose (user, uid) had its outcome already. */
    public long repeatedCount(CommandType type) {
        return repeatedByType[type.ordinal()].sum();
    }

    /** Records that stood in another partition than their user's. */
    public long reroutedCount() {
        return rerouted.sum();
    }

    public long deadLetterCount(DeadLetterCode code) {
        return deadLettersByCode[code.ordinal()].sum();
    }
}

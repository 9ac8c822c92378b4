package io.tally.stream;

import io.tally.ledger.JournalEntry;
import io.tally.wire.DeadLetterCode;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the input records that this process decided, committed or not. Thread-safe. */
public final class LedgerCounters {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder rerouted = new LongAdder();
    private final LongAdder[] deadLettersByCode = new LongAdder[DeadLetterCode.values().length];

    /** Everything at zero. */
    public LedgerCounters() {
        Arrays.setAll(deadLettersByCode, ignored -> new LongAdder());
    }

    void decided(JournalEntry entry) {
        (entry.accepted() ? accepted : rejected).increment();
    }

    void repeated() {
        repeated.increment();
    }

    void rerouted() {
        rerouted.increment();
    }

    void deadLetter(DeadLetterCode code) {
        deadLettersByCode[code.ordinal()].increment();
    }

    public long acceptedCount() {
        return accepted.sum();
    }

    public long rejectedCount() {
        return rejected.sum();
    }

    /** Commands whose (user, uid) had its outcome already. */
    public long repeatedCount() {
        return repeated.sum();
    }

    /** Records that stood in another partition than their user's. */
    public long reroutedCount() {
        return rerouted.sum();
    }

    public long deadLetterCount(DeadLetterCode code) {
        return deadLettersByCode[code.ordinal()].sum();
    }
}

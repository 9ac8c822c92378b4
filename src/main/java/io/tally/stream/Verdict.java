package io.tally.stream;

import io.tally.ledger.JournalEntry;
import io.tally.wire.Flaw;

/** What became of a record, once that is committed. */
public sealed interface Verdict {
    /**
     * It has an outcome.
     *
     * @param repeated whether an earlier record of the same uid got it
     */
    record Decided(JournalEntry entry, boolean repeated) implements Verdict {}

    /** It is a dead letter. */
    record Undecidable(Flaw flaw) implements Verdict {}
}

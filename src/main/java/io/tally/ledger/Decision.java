package io.tally.ledger;

/** What becomes of a well-formed command. */
public sealed interface Decision {
    /** It is new: this entry is its outcome, to be journalled. */
    record Decided(JournalEntry entry) implements Decision {}

    /** It was decided before: this is its outcome, there is nothing to journal. */
    record Repeated(JournalEntry first) implements Decision {}

    /** Its uid belongs to another request of the user, which differs in this field. It gets no outcome of its own. */
    record Conflicting(JournalEntry first, CommandField field) implements Decision {}
}

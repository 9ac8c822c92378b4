package io.tally.app.bench;

import org.jspecify.annotations.Nullable;

/** A user's account as its answers tell it, to be compared with what is served. Thread-safe. */
final class User {
    private final String id;
    private long balance;
    private long decided;
    private long sequences;
    private boolean uncertain;

    User(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** A command was decided, accepted or not. */
    synchronized void decided(long delta, long sequence) {
        balance += delta;
        decided++;
        sequences += sequence;
    }

    /** It is not known what became of a command: nothing can be said of the account any more. */
    synchronized void unanswered() {
        uncertain = true;
    }

    /** Whether any command of the user was decided. */
    synchronized boolean isKnown() {
        return decided > 0;
    }

    /** How a served balance differs from the answers, or null when it does not. */
    synchronized @Nullable String difference(long servedBalance, long servedSequence) {
        if (uncertain) {
            return null;
        }
        if (servedBalance != balance || servedSequence != decided) {
            return "Expected " + id + " to have " + balance + " after " + decided + " decisions, but it has "
                    + servedBalance + " after " + servedSequence;
        }
        // Each sequence from 1 on was answered once.
        return sequences == decided * (decided + 1) / 2
                ? null
                : "Expected the answers of " + id + " to have the sequences 1 to " + decided + ", but they do not";
    }
}

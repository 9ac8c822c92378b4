package io.tally.store;

/** Tells stores how the transaction that they write in ends. */
public interface Transactions {
    /**
     * Puts a participant into the calling thread's transaction. May be called again.
     *
     * @throws IllegalStateException if the thread has no transaction: nobody would tell the store of the commit
     */
    void enlist(Participant participant);

    /** Takes a participant out, wherever it is enlisted: its store closes. */
    void withdraw(Participant participant);

    /** Whether {@code StateStore#commit} ends the transaction, as in the topology test driver, which has no producer. */
    default boolean endWithStoreCommit() {
        return false;
    }
}

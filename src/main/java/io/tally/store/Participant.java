package io.tally.store;

import org.apache.kafka.common.TopicPartition;

/** A store that takes part in a transaction. Called on the thread that owns the transaction, with one exception. */
public interface Participant {
    /** The changelog partition that its entries go to. */
    TopicPartition changelog();

    /** How many entries were put in the transaction. */
    int openEntries();

    /**
     * The transaction has committed: everything that was put is true now, and decisions may rest on it.
     *
     * @param acknowledged the changelog records that the brokers acknowledged in the transaction
     * @return what brings it to where readers see it; may run on any thread, before or after this participant's next call
     * @throws LedgerStoreException if they have not as many entries as were put
     */
    OnceTask committed(Acknowledged acknowledged);

    /**
     * The transaction was aborted: nothing that was put ever happened. Waits until the one before is where readers see it.
     *
     * @throws RuntimeException if that one could not be brought there
     */
    void aborted();

    /**
     * The group's committed input offset of the store's partition. Called on any thread, when what was decided up to it is
     * where readers see it.
     *
     * @param offset the offset of the next record to decide
     */
    void inputCommitted(long offset);
}

package io.tally.stream;

/**
 * Hears of each committed transaction, on the thread that brought it to the stores: it must be quick, never fail, and be
 * thread-safe, as there are several stream threads.
 */
@FunctionalInterface
public interface CommitListener {
    /** Hears nothing. */
    CommitListener NONE = (records, ageNanos, commitNanos) -> {};

    /**
     * A transaction has committed, and look-ups see it.
     *
     * @param records input records that it decided, repeats and dead letters among them
     * @param ageNanos time since its first record was processed, in nanoseconds
     * @param commitNanos the part of it that the commit took: from when everything was sent, through the offsets
     *     and the end of the transaction, to the last store
     */
    void committed(int records, long ageNanos, long commitNanos);
}

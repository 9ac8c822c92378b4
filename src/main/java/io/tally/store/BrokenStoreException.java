package io.tally.store;

/** What the database holds contradicts itself. It is restored from the journal when it is opened next. */
final class BrokenStoreException extends LedgerStoreException {
    private static final long serialVersionUID = 1L;

    BrokenStoreException(String message) {
        super(message);
    }
}

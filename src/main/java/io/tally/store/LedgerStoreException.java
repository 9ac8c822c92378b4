package io.tally.store;

import org.apache.kafka.streams.errors.ProcessorStateException;

/** The store cannot go on: a disk, a broken file, or a journal that contradicts what is stored. The process must stop. */
public sealed class LedgerStoreException extends ProcessorStateException permits BrokenStoreException {
    private static final long serialVersionUID = 1L;

    LedgerStoreException(String message) {
        super(message);
    }

    LedgerStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

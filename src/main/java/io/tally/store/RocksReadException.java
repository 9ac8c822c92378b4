package io.tally.store;

import org.rocksdb.RocksDBException;

/** Carries RocksDB's checked exception through a reading. */
final class RocksReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RocksDBException rocksCause;

    RocksReadException(RocksDBException cause) {
        super(cause);
        this.rocksCause = cause;
    }

    RocksDBException rocksCause() {
        return rocksCause;
    }
}

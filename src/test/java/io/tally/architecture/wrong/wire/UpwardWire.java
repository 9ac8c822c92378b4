package io.tally.architecture.wrong.wire;

import io.tally.architecture.wrong.store.UpwardStore;
import org.rocksdb.RocksDB;

/** Imports the floor above, and RocksDB. */
public final class UpwardWire {
    UpwardStore above;
    RocksDB database;
}

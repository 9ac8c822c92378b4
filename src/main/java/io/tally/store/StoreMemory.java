package io.tally.store;

import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB's memory, which all stores of the process share: one block cache, which also pays for the memtables, indexes and
 * bloom filters, so that the configured bound is the whole of it outside of the heap, unless flushes lag. Thread-safe.
 *
 * <p>It is never closed before the process ends: a reader may still be inside RocksDB when a store closes.
 */
public final class StoreMemory {
    static {
        RocksDB.loadLibrary();
        // For merges of a partition's whole history, which would hold up the small ones of all partitions.
        Env.getDefault().setBackgroundThreads(1, Priority.BOTTOM);
    }

    /** Half for memtables: beyond that RocksDB flushes early, which keeps restarts short as well. It does not wait for that. */
    private static final int MEMTABLE_SHARE = 2;

    /** Kept for indexes and filters before any other block; by the binding's own choice none is. */
    private static final double INDEX_SHARE = 0.5;

    private static final int SHARDS_BY_SIZE = -1;

    private final Cache blockCache;
    private final WriteBufferManager memtables;

    /**
     * Sets the bound.
     *
     * @param bytes the bound in bytes, at least 16 MiB
     */
    public StoreMemory(long bytes) {
        if (bytes < 16L << 20) {
            throw new IllegalArgumentException("Expected at least 16 MiB of store memory, but got " + bytes + " bytes");
        }
        this.blockCache = new LRUCache(bytes, SHARDS_BY_SIZE, false, INDEX_SHARE);
        this.memtables = new WriteBufferManager(bytes / MEMTABLE_SHARE, blockCache);
    }

    /** How much of the bound is used, in bytes. */
    long usedBytes() {
        return blockCache.getUsage();
    }

    Cache blockCache() {
        return blockCache;
    }

    WriteBufferManager memtables() {
        return memtables;
    }
}

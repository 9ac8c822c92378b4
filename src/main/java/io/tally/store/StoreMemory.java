package io.tally.store;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all stores of the process share: one block cache, which also pays for the memtables, indexes and bloom
 * filters, so that the configured bound is the whole of it outside of the heap. Filters of uids and heads of accounts are on the
 * heap, and have bounds of their own. Thread-safe.
 *
 * <p>It is never closed before the process ends: a reader may still be inside RocksDB when a store closes.
 */
public final class StoreMemory {
    static {
        RocksDB.loadLibrary();
        // For merges of a partition's whole history, which would hold up the small ones of all partitions.
        Env.getDefault().setBackgroundThreads(1, Priority.BOTTOM);
    }

    /** Half for memtables at most: beyond that RocksDB flushes early, which keeps restarts short as well. */
    private static final int MEMTABLE_SHARE = 2;

    /** Of the heap, for filters of uids: at 768 MiB for some 50 million. */
    private static final int HEAP_SHARE_OF_FILTERS = 8;

    /** Of the heap, for heads of accounts: at 768 MiB some 800,000. */
    private static final int HEAP_SHARE_OF_HEADS = 4;

    /** What an account and its head take on the heap, in bytes, as they are kept in a map; long user ids take more. */
    private static final int HEAD_BYTES = 256;

    /**
     * What was written is flushed after this delay at the latest, so that a restart after a kill restores little when there was
     * little to decide. At full load memtables fill some fifteen times meanwhile.
     */
    private static final Duration FLUSH_AFTER = Duration.ofSeconds(30);

    private final Cache blockCache;
    private final WriteBufferManager memtables;
    private final AtomicLong freeForFilters;
    private final AtomicLong freeHeads;
    private final Duration flushAfter;
    /** Reads whole stores, one after the other, while decisions go on. Its thread goes when it has nothing to do. */
    private final ThreadPoolExecutor background = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> thread(work, "tally-store-reader"));
    /** Starts flushes. Its thread stays, so that no write fails for want of one. */
    private final ScheduledThreadPoolExecutor flushing =
            new ScheduledThreadPoolExecutor(1, work -> thread(work, "tally-store-flusher"));

    /**
     * Sets the bound.
     *
     * @param bytes the bound in bytes, at least 16 MiB
     */
    public StoreMemory(long bytes) {
        this(bytes, Runtime.getRuntime().maxMemory(), FLUSH_AFTER);
    }

    /**
     * @param heapBytes the heap of which filters and heads take their shares
     * @param flushAfter how long what was written stays in memory alone
     */
    StoreMemory(long bytes, long heapBytes, Duration flushAfter) {
        if (bytes < 16L << 20) {
            throw new IllegalArgumentException("Expected at least 16 MiB of store memory, but got " + bytes + " bytes");
        }
        this.freeForFilters = new AtomicLong(heapBytes / HEAP_SHARE_OF_FILTERS);
        this.freeHeads = new AtomicLong(heapBytes / HEAP_SHARE_OF_HEADS / HEAD_BYTES);
        this.blockCache = new LRUCache(bytes);
        this.memtables = new WriteBufferManager(bytes / MEMTABLE_SHARE, blockCache);
        background.allowCoreThreadTimeOut(true);
        this.flushAfter = flushAfter;
        flushing.prestartCoreThread();
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs it soon, on a thread of the stores' own. */
    void inBackground(Runnable work) {
        background.execute(work);
    }

    /** Starts a flush soon, on another thread of the stores' own. */
    void flushSoon(Runnable flush) {
        flushing.execute(flush);
    }

    /** Starts a flush when what is written now should reach the disk, on the same thread. */
    void flushWhenDue(Runnable flush) {
        var unused = flushing.schedule(flush, flushAfter.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes heap for a filter, or none when that would be too much for all of them. */
    boolean reserveFilter(long bytes) {
        return reserve(freeForFilters, bytes);
    }

    void releaseFilter(long bytes) {
        freeForFilters.addAndGet(bytes);
    }

    /** Takes heap for the head of one more account, or none when that would be too much for all of them. */
    boolean reserveHead() {
        return reserve(freeHeads, 1);
    }

    void releaseHeads(long count) {
        freeHeads.addAndGet(count);
    }

    private static boolean reserve(AtomicLong free, long wanted) {
        long left = free.get();
        while (left >= wanted) {
            if (free.compareAndSet(left, left - wanted)) {
                return true;
            }
            left = free.get();
        }
        return false;
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

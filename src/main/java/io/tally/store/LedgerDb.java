package io.tally.store;

import io.tally.ledger.JournalEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition's RocksDB. One thread at a time owns it and may call anything; any other thread may only
 * {@link #read} and measure, which hold off {@link #close}: a native handle that is freed under them ends the process.
 *
 * <p><b>The bookmark</b> is the offset of the last changelog record that the database contains. It is written in the same
 * batch as the data, to the same column family and the same write-ahead log. So after a kill the database stands where it
 * stood, and after a loss of power at some earlier bookmark, with exactly the data of that bookmark; with more only while it
 * is restored, as Kafka Streams tells the offset after the data, and what is replayed then is skipped by its sequence.
 */
final class LedgerDb implements AutoCloseable {
    /** Counts changes of keys or values. */
    static final byte FORMAT_VERSION = 2;

    /**
     * The bookmark of an empty store. Kafka Streams takes it for "start of the changelog"; no bookmark at all it would take
     * for a store that may hold uncommitted data, and offset 0 for one that has the first record.
     */
    static final long NO_OFFSET = -4;

    private static final Logger log = LoggerFactory.getLogger(LedgerDb.class);
    private static final String FILE_BYTES = "rocksdb.live-sst-files-size";

    private final StoreDirectory directory;
    private final ReadWriteLock handles = new ReentrantReadWriteLock();
    private final DatabaseOptions options;
    private final StoreResources resources;
    private final RocksDB rocks;
    private final KnownUids uids;
    private @Nullable Long bookmark;
    private final boolean replacesBroken;
    private volatile boolean open = true;
    private boolean freed;

    private LedgerDb(
            StoreDirectory directory,
            DatabaseOptions options,
            StoreResources resources,
            RocksDB rocks,
            boolean replacesBroken)
            throws RocksDBException {
        this.directory = directory;
        this.options = options;
        this.resources = resources;
        this.rocks = rocks;
        this.replacesBroken = replacesBroken;
        this.uids = new KnownUids(this, resources);
        byte[] stored = rocks.get(StoreKeys.BOOKMARK);
        this.bookmark = stored == null ? null : StoreValues.number(stored);
    }

    /** Opens what the directory holds, or makes an empty database, without a look at what is in it. */
    static LedgerDb open(StoreDirectory directory, StoreResources resources, boolean replacesBroken)
            throws RocksDBException {
        DatabaseOptions options = new DatabaseOptions(resources.memory());
        RocksDB rocks = null;
        try {
            rocks = RocksDB.open(options.options(), directory.path().toString());
            return new LedgerDb(directory, options, resources, rocks, replacesBroken);
        } catch (RocksDBException e) {
            if (rocks != null) {
                rocks.close();
            }
            options.close();
            throw e;
        }
    }

    /** Makes an empty database the ledger's, before anything else is written. */
    void claimFor(LedgerOrigin origin) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(StoreKeys.FORMAT, new byte[] {FORMAT_VERSION});
            batch.put(StoreKeys.ORIGIN, origin.describe().getBytes(StandardCharsets.UTF_8));
            write(batch, NO_OFFSET);
            flush();
        }
    }

    /** What it was filled from, as the origin describes itself; null when nobody has claimed it. */
    @Nullable
    String origin() throws RocksDBException {
        byte[] stored = rocks.get(StoreKeys.ORIGIN);
        return stored == null ? null : new String(stored, StandardCharsets.UTF_8);
    }

    boolean hasCurrentFormat() throws RocksDBException {
        return Arrays.equals(rocks.get(StoreKeys.FORMAT), new byte[] {FORMAT_VERSION});
    }

    boolean isOpen() {
        return open;
    }

    /** Whether its directory held a database whose files were broken. */
    boolean replacesBroken() {
        return replacesBroken;
    }

    /** The offset of the last changelog record in the database; {@link #NO_OFFSET} for none, null after a clear. */
    @Nullable
    Long bookmark() {
        return bookmark;
    }

    byte @Nullable [] get(byte[] key) {
        requireOpen();
        try {
            return rocks.get(key);
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /** The values of many keys, in their order, null for what is not there; takes less time than one after the other. */
    List<byte @Nullable []> getAll(List<byte[]> keys) {
        requireOpen();
        try {
            // The binding does not take an empty list.
            return keys.isEmpty() ? List.of() : rocks.multiGetAsList(keys);
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /**
     * The value of a key that is hardly ever there. For each that is not, the binding's look-up throws and catches a native
     * exception, which costs as much as the look-up; this asks the filters in memory first.
     */
    byte @Nullable [] getIfAny(byte[] key) {
        requireOpen();
        return rocks.keyMayExist(key, null) ? get(key) : null;
    }

    /** The user's entry at a place that another index names. */
    JournalEntry entryAt(String userId, byte[] place) {
        try {
            return StoreValues.entryAt(userId, place, get(StoreKeys.entryAt(userId, place)));
        } catch (BrokenStoreException e) {
            directory.markBroken();
            throw e;
        }
    }

    /** Has the next start refused, as the journal no longer has everything that the database has. */
    void markAheadOfJournal() {
        directory.markAhead();
    }

    /** The heap that it shares with the databases of other partitions. */
    HeapBudget heap() {
        return resources.heap();
    }

    /** Uids that it may have. Who will write entries adds theirs here before. */
    KnownUids uids() {
        return uids;
    }

    /** The only way to change data: what the batch holds and the offset that it brings the database to, as one. */
    void write(WriteBatch batch, long newBookmark) {
        requireOpen();
        try {
            batch.put(StoreKeys.BOOKMARK, StoreValues.number(newBookmark));
            rocks.write(options.writes(), batch);
            bookmark = newBookmark;
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    /** Forgets how far the database is, so that Kafka Streams discards it. */
    void clearBookmark() {
        requireOpen();
        try {
            rocks.delete(options.writes(), StoreKeys.BOOKMARK);
            rocks.flush(options.flush());
            bookmark = null;
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    /** A freed handle would end the process without a word. */
    private void requireOpen() {
        if (!open) {
            throw new LedgerStoreException("Expected an open store in " + directory + ", but it is closed");
        }
    }

    /** Brings everything written so far to the disk. */
    void flush() {
        requireOpen();
        try {
            rocks.flush(options.flush());
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    /**
     * Lets any thread read one consistent state. The reading must copy what it needs: the snapshot is gone afterwards.
     *
     * @return what the reading returns, or null when the database is closed or closing
     */
    <R> @Nullable R read(Function<LedgerReader, R> reading) {
        return whileOpen(() -> {
            Snapshot snapshot = rocks.getSnapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
                return reading.apply(new LedgerReader(rocks, options));
            } catch (RocksReadException e) {
                throw failed("read", e.rocksCause());
            } catch (BrokenStoreException e) {
                directory.markBroken();
                throw e;
            } finally {
                rocks.releaseSnapshot(snapshot);
            }
        });
    }

    /** The size of its files, in bytes; 0 when it is closed or closing. Any thread may ask. */
    long fileBytes() {
        Long bytes = whileOpen(() -> {
            try {
                return rocks.getLongProperty(FILE_BYTES);
            } catch (RocksDBException e) {
                throw failed("measure", e);
            }
        });
        return bytes == null ? 0 : bytes;
    }

    private <R> @Nullable R whileOpen(Supplier<R> use) {
        // Without the first look, readers that ask again at once would hold the lock by turns
        // and never let close have it.
        if (!open || !handles.readLock().tryLock()) {
            return null;
        }
        try {
            return open ? use.get() : null;
        } finally {
            handles.readLock().unlock();
        }
    }

    private LedgerStoreException failed(String action, RocksDBException e) {
        if (isBroken(e)) {
            directory.markBroken();
        }
        return new LedgerStoreException(
                "Expected to " + action + " the store in " + directory + ", but " + e.getMessage(), e);
    }

    /** Wrong bytes, or a file that is gone; of the latter the binding only has the message. */
    static boolean isBroken(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption
                || String.valueOf(e.getMessage()).contains("No such file or directory");
    }

    /** Waits for readers, flushes, frees the native handles, and shows that the task was here. May be called again. */
    @Override
    public void close() {
        // First, so that readers who come while we wait turn away.
        open = false;
        handles.writeLock().lock();
        try {
            if (freed) {
                return;
            }
            freed = true;
            try {
                rocks.flush(options.flush());
            } catch (RocksDBException e) {
                log.warn("The store in {} could not be flushed; the next start reads its log", directory, e);
            }
            uids.close();
            rocks.close();
            options.close();
            directory.touchTask();
        } finally {
            handles.writeLock().unlock();
        }
    }
}

package io.tally.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * {@link #read}, which holds off {@link #close}: a native handle that is freed under a reader ends the process.
 *
 * <p><b>The bookmark</b> is the offset of the last changelog record that the database contains. It is written in the same
 * batch as the data, to the same column family, without a write-ahead log. Memtables reach the disk in order and whole, so
 * after a kill the database stands at some earlier bookmark, with exactly the data of that bookmark.
 *
 * <p><b>Derived data.</b> Everything here can be had again from the changelog. So a database that is broken, of another
 * format or of another origin is deleted and starts empty.
 */
final class LedgerDb implements AutoCloseable {
    /** Counts changes of keys or values. */
    static final byte FORMAT_VERSION = 1;

    /**
     * The bookmark of an empty store. Kafka Streams takes it for "start of the changelog"; no bookmark at all it would take
     * for a store that may hold uncommitted data, and offset 0 for one that has the first record.
     */
    static final long NO_OFFSET = -4;

    private static final Logger log = LoggerFactory.getLogger(LedgerDb.class);
    private static final String BROKEN_MARKER = "BROKEN";
    private static final String FILE_BYTES = "rocksdb.live-sst-files-size";

    private final Path directory;
    private final ReadWriteLock handles = new ReentrantReadWriteLock();
    private final DatabaseOptions options;
    private final RocksDB rocks;
    private final HeadCache heads;
    private final KnownUids uids;
    private @Nullable Long bookmark;
    private boolean replacesBroken;
    private volatile boolean open = true;
    private boolean freed;

    private LedgerDb(Path directory, DatabaseOptions options, StoreMemory memory, RocksDB rocks)
            throws RocksDBException {
        this.directory = directory;
        this.options = options;
        this.rocks = rocks;
        this.heads = new HeadCache(memory);
        this.uids = new KnownUids(this, memory);
        byte[] stored = rocks.get(StoreKeys.BOOKMARK);
        this.bookmark = stored == null ? null : StoreValues.number(stored);
    }

    /**
     * Opens the database in the directory, which is made if missing.
     *
     * @throws LedgerStoreException if it cannot be opened for a reason that an empty one would not mend
     */
    static LedgerDb open(Path directory, LedgerOrigin origin, StoreMemory memory) {
        try {
            Found found = openFound(directory, origin, memory);
            if (found.usable != null) {
                return found.usable;
            }
            deleteRecursively(directory);
            Files.createDirectories(directory);
            LedgerDb db = openNew(directory, origin, memory);
            db.replacesBroken = found.broken;
            return db;
        } catch (IOException | RocksDBException e) {
            throw new LedgerStoreException("Expected to open the store in " + directory + ", but " + e.getMessage(), e);
        }
    }

    /**
     * What a directory holds.
     *
     * @param usable the database, or null when there is none that can be used
     * @param broken whether it cannot be used because its files are broken
     */
    private record Found(@Nullable LedgerDb usable, boolean broken) {}

    private static Found openFound(Path directory, LedgerOrigin origin, StoreMemory memory)
            throws IOException, RocksDBException {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve(BROKEN_MARKER))) {
            log.warn("The store in {} was found broken and is restored from its changelog", directory);
            return new Found(null, true);
        }
        boolean isNew = isEmpty(directory);
        LedgerDb db = null;
        boolean usable = false;
        boolean broken = false;
        try {
            db = openExisting(directory, memory);
            broken = !isNew && db.rocks.get(StoreKeys.ORIGIN) == null;
            usable = !broken && db.isOf(origin);
        } catch (RocksDBException e) {
            if (!isBroken(e)) {
                throw e;
            }
            broken = true;
            log.warn("The store in {} cannot be opened: {}", directory, e.getMessage());
        } finally {
            if (db != null && !usable) {
                db.close();
            }
        }
        if (broken) {
            log.warn("The store in {} is broken and is restored from its changelog", directory);
        }
        return new Found(usable ? db : null, broken);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private static LedgerDb openExisting(Path directory, StoreMemory memory) throws RocksDBException {
        DatabaseOptions options = new DatabaseOptions(memory);
        RocksDB rocks = null;
        try {
            rocks = RocksDB.open(options.options(), directory.toString());
            return new LedgerDb(directory, options, memory, rocks);
        } catch (RocksDBException e) {
            if (rocks != null) {
                rocks.close();
            }
            options.close();
            throw e;
        }
    }

    private static LedgerDb openNew(Path directory, LedgerOrigin origin, StoreMemory memory) throws RocksDBException {
        LedgerDb db = openExisting(directory, memory);
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(StoreKeys.FORMAT, new byte[] {FORMAT_VERSION});
            batch.put(StoreKeys.ORIGIN, describe(origin).getBytes(StandardCharsets.UTF_8));
            db.write(batch, NO_OFFSET);
            db.flush();
        }
        return db;
    }

    /** Whether the database was filled from this origin in this format; says why when it was not. */
    private boolean isOf(LedgerOrigin origin) throws RocksDBException {
        byte[] storedOrigin = rocks.get(StoreKeys.ORIGIN);
        if (storedOrigin == null) {
            return false;
        }
        if (!Arrays.equals(rocks.get(StoreKeys.FORMAT), new byte[] {FORMAT_VERSION})) {
            log.warn("The store in {} has another format and is restored from its changelog", directory);
            return false;
        }
        String stored = new String(storedOrigin, StandardCharsets.UTF_8);
        if (!stored.equals(describe(origin))) {
            log.warn(
                    "The store in {} belongs to {} and not to {}; it is restored from the changelog",
                    directory,
                    stored,
                    describe(origin));
            return false;
        }
        return true;
    }

    static String describe(LedgerOrigin origin) {
        return origin.clusterId() + "/" + origin.changelogTopicId();
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

    /** Heads as they are in the database. Who writes heads puts them here, too. */
    HeadCache heads() {
        return heads;
    }

    /** Uids that it may have. Who writes entries adds theirs here, too. */
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
        // Without the first look, readers that ask again at once would hold the lock by turns and never let close have
        // it.
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
            markBroken();
        }
        return new LedgerStoreException(
                "Expected to " + action + " the store in " + directory + ", but " + e.getMessage(), e);
    }

    /** A broken file is found when it is read, perhaps days after the start: the next start must not use it again. */
    private void markBroken() {
        try {
            Files.writeString(directory.resolve(BROKEN_MARKER), "");
        } catch (IOException e) {
            log.error("The store in {} is broken and could not be marked so; delete the directory", directory, e);
        }
    }

    /** Wrong bytes, or a file that is gone; of the latter the binding only has the message. */
    private static boolean isBroken(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption
                || String.valueOf(e.getMessage()).contains("No such file or directory");
    }

    /** Waits for readers, flushes and frees the native handles. May be called again. */
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
                log.warn("The store in {} could not be flushed; more of the changelog is restored", directory, e);
            }
            uids.close();
            heads.close();
            rocks.close();
            options.close();
        } finally {
            handles.writeLock().unlock();
        }
    }

    /**
     * Shows that the task was here until now. Kafka Streams deletes the directories of tasks that moved away some time ago,
     * and judges by the directory's time, which nothing of ours changes.
     */
    void touchTaskDirectory() {
        try {
            Path task = directory.toAbsolutePath().getParent();
            if (task != null) {
                Files.setLastModifiedTime(task, FileTime.from(Instant.now()));
            }
        } catch (IOException e) {
            log.debug("The time of the directory above {} could not be set", directory, e);
        }
    }

    private static void deleteRecursively(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

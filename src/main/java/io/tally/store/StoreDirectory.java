package io.tally.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one partition's database, and what may stand in it from before.
 *
 * <p><b>Derived data.</b> Everything in it can be had again from the changelog. So a database that is broken, of another
 * format or of another origin is deleted and starts empty.
 */
final class StoreDirectory {
    private static final Logger log = LoggerFactory.getLogger(StoreDirectory.class);
    private static final String BROKEN_MARKER = "BROKEN";
    private static final String AHEAD_MARKER = "AHEAD_OF_JOURNAL";

    private final Path path;

    StoreDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * Opens the database in it, which is made if missing.
     *
     * @throws LedgerStoreException if it cannot be opened for a reason that an empty one would not mend
     */
    LedgerDb open(LedgerOrigin origin, StoreResources resources) {
        try {
            Found found = openFound(origin, resources);
            if (found.usable != null) {
                return found.usable;
            }
            discard(found.broken, Files::delete);
            Files.createDirectories(path);
            return openNew(origin, resources, found.broken);
        } catch (IOException | RocksDBException e) {
            throw new LedgerStoreException("Expected to open the store in " + path + ", but " + e.getMessage(), e);
        }
    }

    private LedgerDb openNew(LedgerOrigin origin, StoreResources resources, boolean replacesBroken)
            throws RocksDBException {
        LedgerDb db = LedgerDb.open(this, resources, replacesBroken);
        boolean claimed = false;
        try {
            db.claimFor(origin);
            claimed = true;
        } finally {
            if (!claimed) {
                db.close();
            }
        }
        return db;
    }

    /**
     * What it holds.
     *
     * @param usable the database, or null when there is none that can be used
     * @param broken whether it cannot be used because its files are broken
     */
    private record Found(@Nullable LedgerDb usable, boolean broken) {}

    private Found openFound(LedgerOrigin origin, StoreResources resources) throws IOException, RocksDBException {
        Files.createDirectories(path);
        if (Files.exists(path.resolve(BROKEN_MARKER))) {
            log.warn("The store in {} was found broken and is restored from its changelog", path);
            return new Found(null, true);
        }
        boolean isNew = isEmpty();
        LedgerDb db = null;
        boolean usable = false;
        boolean broken = false;
        try {
            db = LedgerDb.open(this, resources, false);
            broken = !isNew && db.origin() == null;
            usable = !broken && isOf(origin, db);
        } catch (RocksDBException e) {
            if (!LedgerDb.isBroken(e)) {
                throw e;
            }
            broken = true;
            log.warn("The store in {} cannot be opened: {}", path, e.getMessage());
        } finally {
            if (db != null && !usable) {
                db.close();
            }
        }
        if (broken) {
            log.warn("The store in {} is broken and is restored from its changelog", path);
        }
        return new Found(usable ? db : null, broken);
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    /** Whether the database was filled from this origin in this format; says why when it was not. */
    private boolean isOf(LedgerOrigin wanted, LedgerDb db) throws RocksDBException {
        String origin = db.origin();
        if (origin == null) {
            return false;
        }
        if (!db.hasCurrentFormat()) {
            log.warn("The store in {} has another format and is restored from its changelog", path);
            return false;
        }
        if (!origin.equals(wanted.describe())) {
            log.warn(
                    "The store in {} belongs to {} and not to {}; it is restored from the changelog",
                    path,
                    origin,
                    wanted.describe());
            return false;
        }
        return true;
    }

    /** A broken file is found when it is read, perhaps days after the start: the next start must not use it again. */
    void markBroken() {
        mark(path.resolve(BROKEN_MARKER), "is broken and could not be marked so; delete the directory");
    }

    /** The journal has lost entries that the database has; a later start would not see it, as the journal has grown since. */
    void markAhead() {
        mark(aheadMarker(), "is ahead of its journal and could not be marked so; do not start again");
    }

    private void mark(Path marker, String unmarked) {
        try {
            Files.writeString(marker, "");
        } catch (IOException e) {
            log.error("The store in {} {}", path, unmarked, e);
        }
    }

    /** The file that says so; it stays until somebody who has brought the entries back deletes it. */
    Path aheadMarker() {
        return path.resolve(AHEAD_MARKER);
    }

    /**
     * Shows that the task was here until now. Kafka Streams deletes the directories of tasks that moved away some time ago,
     * and judges by the directory's time, which nothing of ours changes.
     */
    void touchTask() {
        try {
            Path task = path.toAbsolutePath().getParent();
            if (task != null) {
                Files.setLastModifiedTime(task, FileTime.from(Instant.now()));
            }
        } catch (IOException e) {
            log.debug("The time of the directory above {} could not be set", path, e);
        }
    }

    /** Removes one file or empty directory. */
    interface Removal {
        void remove(Path path) throws IOException;
    }

    /** What is broken is marked until the last: after a kill on the way, the rest could look intact and would be opened. */
    void discard(boolean broken, Removal removal) throws IOException {
        Path marker = path.resolve(BROKEN_MARKER);
        if (broken) {
            markBroken();
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(marker)) {
                    removal.remove(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (visited.equals(path) && Files.exists(marker)) {
                    removal.remove(marker);
                }
                removal.remove(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

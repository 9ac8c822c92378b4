package io.tally.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What a task's store directory holds, looked at without changing it.
 *
 * @param directory the task's directory
 * @param origin what it was filled from, as it describes itself, or null when that cannot be read: such a store
 *     is restored from whatever changelog there is
 * @param bookmark the last changelog offset in it, or null likewise
 * @param aheadMarker a file that says that the changelog has lost entries which the store has, or null when there is none
 */
public record StoreStatus(
        Path directory,
        @Nullable String origin,
        @Nullable Long bookmark,
        @Nullable Path aheadMarker) {

    /**
     * The status, or null when the task has no store. No other process may have it open.
     *
     * @throws LedgerStoreException if it cannot be read for a reason other than that it is broken, such as missing rights
     */
    public static @Nullable StoreStatus of(Path taskDirectory, StoreMemory memory) {
        Path store = taskDirectory.resolve(LedgerStore.DIRECTORY);
        if (!Files.isDirectory(store)) {
            return null;
        }
        Path marker = new StoreDirectory(store).aheadMarker();
        Path aheadMarker = Files.exists(marker) ? marker : null;
        try (DatabaseOptions options = new DatabaseOptions(memory);
                RocksDB rocks = RocksDB.openReadOnly(options.options(), store.toString())) {
            byte[] origin = rocks.get(StoreKeys.ORIGIN);
            byte[] bookmark = rocks.get(StoreKeys.BOOKMARK);
            return new StoreStatus(
                    taskDirectory,
                    origin == null ? null : new String(origin, StandardCharsets.UTF_8),
                    bookmark == null ? null : StoreValues.number(bookmark),
                    aheadMarker);
        } catch (RocksDBException e) {
            if (!LedgerDb.isBroken(e)) {
                throw new LedgerStoreException("Expected to read the store in " + store + ", but " + e.getMessage(), e);
            }
            // Opening it for use deletes and restores it. Still it says that there was a ledger.
            return new StoreStatus(taskDirectory, null, null, aheadMarker);
        }
    }

    /** The partition that the task decides: the number behind the underscore of its directory. */
    public int partition() {
        String name = directory.getFileName().toString();
        return Integer.parseInt(name.substring(name.indexOf('_') + 1));
    }

    /** Whether it was filled from a topic of another cluster. */
    public boolean isOfOtherCluster(String clusterId) {
        return origin != null && !origin.startsWith(clusterId + "/");
    }

    /** Whether it was filled from another changelog. */
    public boolean isOfOther(LedgerOrigin wanted) {
        return origin != null && !origin.equals(wanted.describe());
    }
}

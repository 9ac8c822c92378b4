package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompactionStyle;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class LedgerDbTest {
    private static final Account ADA = new Account("ada", "USD");

    private static final byte[] DATA = {'x'};
    private static final int KILLS = 25;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private int copies;

    @Test
    void shouldStartNewStoreBeforeTheFirstRecord() {
        try (LedgerDb db = open(directory.resolve("ledger"))) {
            assertThat(db.bookmark()).isEqualTo(-4);
            assertThat(db.isOpen()).isTrue();
        }
    }

    @Test
    void shouldHaveTheFirstBookmarkOnDiskAtOnce() throws IOException {
        try (LedgerDb db = open(directory.resolve("0_0/ledger"))) {
            // When
            DatabaseFiles.copy(directory.resolve("0_0/ledger"), directory.resolve("0_1/ledger"));
            // What the disk need not have after a loss of power.
            DatabaseFiles.truncate(DatabaseFiles.lastLog(directory.resolve("0_1/ledger")), 0);

            // Then
            assertThat(StoreStatus.of(directory.resolve("0_1"), StoreRig.RESOURCES.memory()))
                    .isNotNull()
                    .extracting(StoreStatus::bookmark)
                    .isEqualTo(db.bookmark())
                    .isEqualTo(LedgerDb.NO_OFFSET);
        }
    }

    /** An option that the binding takes by its name: RocksDB writes down what it made of it. */
    @Test
    void shouldRememberInEachIndexWhereItPutLast() throws IOException {
        assertOptions("memtable_insert_with_hint_prefix_extractor=rocksdb.FixedPrefix.1");
    }

    /** Each log would take 26 MiB of the disk with its first batch. */
    @Test
    void shouldTakeNoRoomForWhatIsNotWritten() throws IOException {
        assertOptions("allow_fallocate=false");
    }

    /** As whole ones that no longer fit the cache, each look-up would read them anew. */
    @Test
    void shouldReadIndexesAndFiltersInParts() throws IOException {
        assertOptions(
                "partition_filters=true",
                "index_type=kTwoLevelIndexSearch",
                "cache_index_and_filter_blocks_with_high_priority=true");
    }

    private void assertOptions(String... expected) throws IOException {
        try (LedgerDb db = open(directory.resolve("ledger"))) {
            assertThat(db.isOpen()).isTrue();
            assertThat(DatabaseFiles.list(directory.resolve("ledger"), "OPTIONS"))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().contains(expected));
        }
    }

    /** Kafka Streams deletes directories of tasks that were not here for long, and judges by their time. */
    @Test
    void shouldShowThatTheTaskWasHereUntilItWasClosed() throws IOException {
        // Given
        Path task = directory.resolve("0_0");
        LedgerDb db = open(task.resolve("ledger"));
        Files.setLastModifiedTime(task, FileTime.from(Instant.EPOCH));

        // When
        db.close();

        // Then
        assertThat(Files.getLastModifiedTime(task).toInstant())
                .isAfter(Instant.now().minus(Duration.ofMinutes(1)));
    }

    @Test
    void shouldKeepDataAndBookmarkWhenClosedAndOpenedAgain() {
        // Given
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store)) {
            deposit(db, 3, 41);
        }

        // When
        try (LedgerDb db = open(store)) {
            // Then
            assertThat(db.bookmark()).isEqualTo(41);
            assertThat(new Overlay(db).head(ADA).sequence()).isEqualTo(3);
        }
    }

    @Test
    void shouldTakeAStoreThatWasMadeWithLevels() throws RocksDBException {
        // Given
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store)) {
            deposit(db, 3, 41);
        }
        try (Options levels = new Options().setCompactionStyle(CompactionStyle.LEVEL);
                RocksDB rocks = RocksDB.open(levels, store.toString())) {
            rocks.compactRange();
            assertThat(rocks.getProperty("rocksdb.num-files-at-level0")).isEqualTo("0");
        }

        // When
        try (LedgerDb db = open(store)) {
            // Then
            assertThat(db.bookmark()).isEqualTo(41);
            assertThat(new Overlay(db).head(ADA).sequence()).isEqualTo(3);
            deposit(db, 2, 43);
            assertThat(new Overlay(db).head(ADA).sequence()).isEqualTo(5);
        }
    }

    @Test
    void shouldStandWhereItStoodAfterAKill() {
        try (LedgerDb db = open(directory.resolve("ledger"))) {
            // Given
            deposit(db, 2, 10);
            db.flush();
            deposit(db, 2, 20);

            // When
            DatabaseFiles.copy(directory.resolve("ledger"), directory.resolve("killed"));

            // Then
            try (LedgerDb killed = open(directory.resolve("killed"))) {
                assertThat(killed.bookmark()).isEqualTo(20);
                assertThat(new Overlay(killed).head(ADA).sequence()).isEqualTo(4);
            }
        }
    }

    /**
     * Flushes come from another thread, as RocksDB's own do, so they hit any moment of a write. Small writes without a pause:
     * two where there should be one would be cut apart in every other copy.
     */
    @Test
    void shouldNeverPartDataAndBookmarkWhateverMomentOfTheKill() {
        AtomicBoolean stopping = new AtomicBoolean();
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store)) {
            // Given
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (long number = 0; !stopping.get(); number++) {
                    write(db, number);
                }
            });
            try {
                int compared = 0;
                for (int kill = 0; compared < KILLS; kill++) {
                    // When
                    db.flush();
                    Path killed = directory.resolve("killed-" + kill);
                    if (!DatabaseFiles.copied(store, killed)) {
                        continue;
                    }

                    // Then
                    byte[] data = DatabaseFiles.get(killed, DATA);
                    byte[] bookmark = DatabaseFiles.get(killed, StoreKeys.BOOKMARK);
                    assertThat(bookmark).isEqualTo(data == null ? StoreValues.number(LedgerDb.NO_OFFSET) : data);
                    compared += data == null ? 0 : 1;
                }
            } finally {
                stopping.set(true);
                writer.join();
            }
        }
    }

    @Test
    void shouldDiscardAStoreOfAnotherOrigin() {
        for (LedgerOrigin other :
                new LedgerOrigin[] {new LedgerOrigin("cluster-b", "topic-1"), new LedgerOrigin("cluster-a", "topic-2")
                }) {
            // Given
            Path store = directory.resolve(other.clusterId() + other.changelogTopicId());
            try (LedgerDb db = open(store)) {
                deposit(db, 3, 41);
            }

            // When
            try (LedgerDb db = new StoreDirectory(store).open(other, StoreRig.RESOURCES)) {
                // Then
                assertThat(db.bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
                assertThat(new Overlay(db).head(ADA).sequence()).isZero();
                assertThat(db.replacesBroken()).isFalse();
            }
            try (LedgerDb db = new StoreDirectory(store).open(other, StoreRig.RESOURCES)) {
                deposit(db, 1, 7);
                assertThat(db.bookmark()).isEqualTo(7);
            }
        }
    }

    @Test
    void shouldDiscardAStoreOfAnotherFormat() throws RocksDBException {
        // Given
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store);
                WriteBatch batch = new WriteBatch()) {
            deposit(db, 3, 41);
            batch.put(StoreKeys.FORMAT, new byte[] {LedgerDb.FORMAT_VERSION + 1});
            db.write(batch, 42);
        }

        // When
        try (LedgerDb db = open(store)) {
            // Then
            assertThat(db.bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
            assertThat(new Overlay(db).head(ADA).sequence()).isZero();
        }
    }

    @Test
    void shouldForgetTheBookmarkWhenCleared() {
        // Given
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store)) {
            deposit(db, 3, 41);

            // When
            db.clearBookmark();

            // Then
            assertThat(db.bookmark()).isNull();
            DatabaseFiles.copy(store, directory.resolve("killed"));
        }
        try (LedgerDb killed = open(directory.resolve("killed"))) {
            assertThat(killed.bookmark()).isNull();
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsInUseAndLeaveItAlone() {
        // Given
        Path store = directory.resolve("ledger");
        try (LedgerDb db = open(store)) {
            deposit(db, 3, 41);
            db.flush();
            SortedMap<String, String> before = contentsOfOpen(store);

            // When
            assertThatThrownBy(() -> open(store))
                    // Then
                    .isInstanceOf(LedgerStoreException.class)
                    .hasMessageContaining(store.toString());
            assertThat(contentsOfOpen(store)).isEqualTo(before);
            assertThat(new Overlay(db).head(ADA).sequence()).isEqualTo(3);
        }
    }

    @Test
    void shouldSayWhichDirectoryCannotBeMade() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "");

        // When
        assertThatThrownBy(() -> open(file.resolve("ledger")))
                // Then
                .isInstanceOf(LedgerStoreException.class)
                .hasMessageStartingWith("Expected to open the store in " + file);
    }

    @Test
    void shouldCloseOnlyOnce() {
        LedgerDb db = open(directory.resolve("ledger"));

        // When
        db.close();
        db.close();

        // Then
        assertThat(db.isOpen()).isFalse();
    }

    /** RocksDB rewrites its files whenever it likes. */
    private SortedMap<String, String> contentsOfOpen(Path store) {
        Path copy = directory.resolve("copy-" + copies++);
        while (!DatabaseFiles.copied(store, copy)) {
            copy = directory.resolve("copy-" + copies++);
        }
        return DatabaseFiles.contents(copy);
    }

    private static LedgerDb open(Path store) {
        return new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }

    private static void write(LedgerDb db, long number) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(DATA, StoreValues.number(number));
            db.write(batch, number);
        } catch (RocksDBException e) {
            throw new AssertionError("Expected to fill a batch", e);
        }
    }

    private void deposit(LedgerDb db, int count, long bookmark) {
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < count; i++) {
            decider.apply(Commands.deposit("ada", 1), overlay);
        }
        overlay.writeTo(bookmark);
    }
}

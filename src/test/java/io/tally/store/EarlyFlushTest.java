package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kill finds on the disk although no memtable was full. */
class EarlyFlushTest {
    private static final Account ADA = new Account("ada", "USD");
    /** Two keys each. */
    private static final int MANY = 600;

    private static final int FEW = 300;

    private static final int CLOSES = 50;
    private static final int KILLS = 60;

    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path directory;

    private int kills;
    private int others;

    @Test
    void shouldBringToTheDiskWhatHasLongBeenInMemoryAlone() {
        try (LedgerDb db = open(resources(AT_ONCE))) {
            // When
            write(db, MANY, 7);

            // Then
            await().untilAsserted(() -> assertThat(bookmarkAfterKill(store())).isEqualTo(7));

            // When
            write(db, MANY, 8);

            // Then
            await("and again")
                    .untilAsserted(() -> assertThat(bookmarkAfterKill(store())).isEqualTo(8));
        }
    }

    @Test
    void shouldNotMakeAFileForLittle() {
        try (LedgerDb db = open(resources(AT_ONCE))) {
            // When
            write(db, FEW, 7);

            // Then
            await().during(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(bookmarkAfterKill(store())).isEqualTo(LedgerDb.NO_OFFSET));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MANY, FEW})
    void shouldNotRestoreAgainWhatWasRestoredOnce(int count) {
        try (StoreRig rig = new StoreRig(directory.resolve("0_0"))) {
            // When
            restore(count, rig);

            // Then
            awaitBookmarkOnDisk(count - 1L, rig);
        }
    }

    /** The data may have reached the disk while it was restored, and where the restore ended have not. */
    @Test
    void shouldNotReplayAgainWhatWasSkippedOnce() {
        try (StoreRig rig = new StoreRig(directory.resolve("0_0"))) {
            // Given
            rig.restore(entriesOfAnotherStore(MANY));
            rig.reopen();

            // When
            restore(MANY, rig);

            // Then
            awaitBookmarkOnDisk(MANY - 1L, rig);
        }
    }

    @Test
    void shouldLeaveAClosedDatabaseAlone() {
        // Given
        StoreResources resources = resources(AT_ONCE);
        LedgerDb db = open(resources);
        write(db, MANY, 7);
        db.close();

        // When
        db.flushSoon();
        CompletableFuture.runAsync(() -> {}, resources.threads()::flushSoon).join();

        // Then
        assertThat(bookmarkAfterKill(store())).isEqualTo(7);
    }

    /** A flush that a clock starts, and the owner's close: whoever comes first, no handle is used after it was freed. */
    @Test
    void shouldLoseNothingWhenItIsClosedWhileAFlushIsUnderWay() {
        StoreResources resources = resources(AT_ONCE);
        for (int round = 1; round <= CLOSES; round++) {
            // Given
            LedgerDb db = open(resources);
            write(db, MANY, round);
            db.flushSoon();

            // When
            db.close();

            // Then
            assertThat(bookmarkAfterKill(store())).isEqualTo(round);
        }
    }

    @Test
    void shouldLeaveWhatBelongsToItsBookmarkWheneverItIsKilled() {
        StoreResources resources = resources(NEVER);
        try (LedgerDb db = open(resources);
                Writer writer = new Writer(db)) {
            Set<Long> bookmarks = new HashSet<>();
            for (int kill = 0; kill < KILLS; kill++) {
                // Given: the last flush before the kill comes somewhere in the middle of a write.
                writer.goOn();
                for (long end = System.nanoTime() + kill % 20 * 500_000L; System.nanoTime() < end; ) {
                    db.flushSoon();
                    CompletableFuture.runAsync(() -> {}, resources.threads()::flushSoon)
                            .join();
                }
                Path killed = directory.resolve("killed-" + kills++);
                if (DatabaseFiles.copied(store(), killed)) {
                    // When
                    try (LedgerDb left = new StoreDirectory(killed).open(StoreRig.ORIGIN, StoreRig.RESOURCES)) {
                        // Then
                        assertThat(left.replacesBroken()).isFalse();
                        long bookmark = Objects.requireNonNull(left.bookmark());
                        bookmarks.add(bookmark);
                        long entries = Math.max(0, bookmark);
                        assertThat(left.<AccountHead>read(reader -> reader.head(ADA)))
                                .isEqualTo(new AccountHead(entries, entries, entries > 0));
                        assertThat(left.<Long>read(reader -> reader.balanceAt(ADA, Long.MAX_VALUE)))
                                .isEqualTo(entries);
                    }
                }
            }
            assertThat(bookmarks).hasSizeGreaterThan(KILLS / 10);
        }
    }

    /** Deposits one unit of money at a time, a batch for each time it is told to; a batch's bookmark counts all of them. */
    private static final class Writer implements AutoCloseable {
        private final Semaphore batches = new Semaphore(0);
        private final CompletableFuture<Void> running;
        private volatile boolean stopping;

        Writer(LedgerDb db) {
            running = CompletableFuture.runAsync(() -> write(db));
        }

        private void write(LedgerDb db) {
            Decider decider = new Decider();
            Overlay overlay = new Overlay(db);
            long bookmark = 0;
            for (batches.acquireUninterruptibly(); !stopping; batches.acquireUninterruptibly()) {
                for (int i = 0; i < MANY; i++) {
                    bookmark++;
                    decider.apply(Commands.deposit(ADA, 1, Commands.NOON + bookmark), overlay);
                }
                overlay.writeTo(bookmark);
            }
            overlay.close();
        }

        void goOn() {
            batches.release();
        }

        @Override
        public void close() {
            stopping = true;
            batches.release();
            running.join();
        }
    }

    /** As Kafka Streams does: the records, where they end, and then the task runs. */
    private void restore(int count, StoreRig rig) {
        rig.restore(entriesOfAnotherStore(count));
        rig.store().commit(Map.of(StoreRig.CHANGELOG, count - 1L));
        rig.store().serve();
    }

    private void awaitBookmarkOnDisk(long bookmark, StoreRig rig) {
        await().untilAsserted(() ->
                assertThat(bookmarkAfterKill(rig.databaseDirectory())).isEqualTo(bookmark));
    }

    private JournalEntry[] entriesOfAnotherStore(int count) {
        Path store = directory.resolve("other-" + others++);
        try (LedgerDb other = new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.RESOURCES)) {
            return write(other, count, 7).toArray(JournalEntry[]::new);
        }
    }

    private List<JournalEntry> write(LedgerDb db, int count, long bookmark) {
        List<JournalEntry> entries = new ArrayList<>();
        Decider decider = new Decider();
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < count; i++) {
            entries.add(decider.apply(Commands.deposit(ADA, 1, Commands.NOON + i), overlay));
        }
        overlay.writeTo(bookmark);
        return entries;
    }

    /** What a kill now would leave; null while files come and go. */
    private @Nullable Long bookmarkAfterKill(Path database) {
        Path killed = directory.resolve("killed-" + kills++);
        if (!DatabaseFiles.copied(database, killed)) {
            return null;
        }
        byte[] bookmark = DatabaseFiles.get(killed, StoreKeys.BOOKMARK);
        return bookmark == null ? null : StoreValues.number(bookmark);
    }

    private LedgerDb open(StoreResources resources) {
        return new StoreDirectory(store()).open(StoreRig.ORIGIN, resources);
    }

    private Path store() {
        return directory.resolve("ledger");
    }

    private static StoreResources resources(Duration flushAfter) {
        return new StoreResources(
                new StoreMemory(16L << 20),
                new HeapBudget(Runtime.getRuntime().maxMemory()),
                new StoreThreads(flushAfter));
    }
}

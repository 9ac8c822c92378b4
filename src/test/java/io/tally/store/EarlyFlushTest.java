package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @TempDir
    Path directory;

    private int kills;
    private int others;

    @Test
    void shouldBringToTheDiskWhatHasLongBeenInMemoryAlone() {
        try (LedgerDb db = open(memory(AT_ONCE))) {
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
        try (LedgerDb db = open(memory(AT_ONCE))) {
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
        StoreMemory memory = memory(AT_ONCE);
        LedgerDb db = open(memory);
        write(db, MANY, 7);
        db.close();

        // When
        db.flushSoon();
        CompletableFuture.runAsync(() -> {}, memory::flushSoon).join();

        // Then
        assertThat(bookmarkAfterKill(store())).isEqualTo(7);
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
        try (LedgerDb other = new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.MEMORY)) {
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

    private LedgerDb open(StoreMemory memory) {
        return new StoreDirectory(store()).open(StoreRig.ORIGIN, memory);
    }

    private Path store() {
        return directory.resolve("ledger");
    }

    private static StoreMemory memory(Duration flushAfter) {
        return new StoreMemory(16L << 20, Runtime.getRuntime().maxMemory(), flushAfter);
    }
}

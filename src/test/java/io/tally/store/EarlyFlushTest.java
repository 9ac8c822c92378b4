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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill finds on the disk although no memtable was full. */
class EarlyFlushTest {
    private static final Account ADA = new Account("ada", "USD");
    /** Two keys each. */
    private static final int MANY = 600;

    private static final int FEW = 300;

    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private int kills;

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
        StoreMemory memory = memory(NEVER);
        try (LedgerDb db = open(memory)) {
            // Given
            write(db, FEW, 7);

            // When
            db.flushSoon();
            StoreRig.awaitBackground(memory);

            // Then
            await().during(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(bookmarkAfterKill(store())).isEqualTo(LedgerDb.NO_OFFSET));
        }
    }

    @Test
    void shouldNotRestoreAgainWhatWasRestoredOnce() {
        try (StoreRig rig = new StoreRig(directory.resolve("0_0"))) {
            // Given
            rig.restore(entriesOfAnotherStore());
            rig.store().commit(Map.of(StoreRig.CHANGELOG, 599L));

            // When
            rig.store().serve();

            // Then
            await().untilAsserted(() ->
                    assertThat(bookmarkAfterKill(rig.databaseDirectory())).isEqualTo(599));
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
        StoreRig.awaitBackground(memory);

        // Then
        assertThat(bookmarkAfterKill(store())).isEqualTo(7);
    }

    private JournalEntry[] entriesOfAnotherStore() {
        try (LedgerDb other = new StoreDirectory(directory.resolve("other")).open(StoreRig.ORIGIN, StoreRig.MEMORY)) {
            return write(other, MANY, 7).toArray(JournalEntry[]::new);
        }
    }

    private List<JournalEntry> write(LedgerDb db, int count, long bookmark) {
        List<JournalEntry> entries = new ArrayList<>();
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

package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What comes back of what no table has yet: all of it after a kill, some beginning of it after a loss of power. Batches of
 * deposits of one unit of money; a batch's bookmark counts all deposits up to it.
 */
class WriteAheadLogTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final int BATCHES = 20;
    /** With so many the log has several blocks of 32 KiB, and what is damaged in one must take the others along. */
    private static final int BATCH = 40;

    private static final int ALL = BATCHES * BATCH;
    private static final int PLACES = 3 * BATCHES;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private final List<JournalEntry> entries = new ArrayList<>();
    private LedgerDb db;

    @BeforeEach
    void write() {
        db = open(directory.resolve("ledger"));
        Overlay overlay = new Overlay(db);
        for (long bookmark = BATCH; bookmark <= ALL; bookmark += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                entries.add(decider.apply(Commands.deposit(ADA, 1, Commands.NOON + entries.size()), overlay));
            }
            overlay.writeTo(bookmark);
        }
        overlay.close();
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void shouldHaveEveryBatchAfterAKill() {
        // When
        Path killed = kill(directory.resolve("ledger"));

        // Then
        assertThat(bookmarkOfWhatIsThere(killed)).isEqualTo(ALL);
    }

    @Test
    void shouldNotRestoreAgainWhatWasRestoredOnce() {
        try (StoreRig rig = new StoreRig(directory.resolve("0_0"))) {
            // Given
            restore(rig);

            // When
            Path killed = kill(rig.databaseDirectory());

            // Then
            assertThat(bookmarkOfWhatIsThere(killed)).isEqualTo(ALL);
        }
    }

    /** The data was on the disk before the kill, and where the restore ended was not. */
    @Test
    void shouldNotReplayAgainWhatWasSkippedOnce() {
        try (StoreRig rig = new StoreRig(directory.resolve("0_0"))) {
            // Given
            rig.restore(entries.toArray(JournalEntry[]::new));
            rig.reopen();
            restore(rig);

            // When
            Path killed = kill(rig.databaseDirectory());

            // Then
            assertThat(bookmarkOfWhatIsThere(killed)).isEqualTo(ALL);
        }
    }

    /** As Kafka Streams does: the records, and then where they end. */
    private void restore(StoreRig rig) {
        rig.restore(entries.toArray(JournalEntry[]::new));
        rig.store().commit(Map.of(StoreRig.CHANGELOG, (long) ALL));
    }

    @Test
    void shouldStandAtAnEarlierBookmarkWhereverItsLogEnds() throws IOException {
        assertEarlierBookmarks(DatabaseFiles::truncate);
    }

    /** A file can have its length before the disk has what is in it. */
    @Test
    void shouldStandAtAnEarlierBookmarkWhereverItsLogIsDamaged() throws IOException {
        assertEarlierBookmarks(DatabaseFiles::flip);
    }

    private interface Damage {
        void at(Path log, long position) throws IOException;
    }

    private void assertEarlierBookmarks(Damage damage) throws IOException {
        Path killed = kill(directory.resolve("ledger"));
        long length = Files.size(DatabaseFiles.log(killed));
        Set<Long> bookmarks = new HashSet<>();
        for (int place = 0; place < PLACES; place++) {
            // Given
            Path damaged = directory.resolve("damaged-" + place);
            DatabaseFiles.copy(killed, damaged);
            damage.at(DatabaseFiles.log(damaged), length * place / PLACES);

            // When
            bookmarks.add(bookmarkOfWhatIsThere(damaged));

            // Then
            assertGoesOn(damaged);
        }
        assertThat(bookmarks).as("a new store's, and each batch's but the last").hasSize(BATCHES);
    }

    /** What was behind the damage must not come back later, beside what has taken its place. */
    private void assertGoesOn(Path damaged) {
        Path again = damaged.resolveSibling(damaged.getFileName() + "-again");
        try (LedgerDb left = open(damaged)) {
            Overlay overlay = new Overlay(left);
            entries.forEach(entry -> overlay.apply(entry, JournalCodec.value(entry)));
            overlay.writeTo(ALL);
            overlay.close();
            DatabaseFiles.copy(damaged, again);
        }
        assertThat(bookmarkOfWhatIsThere(damaged)).isEqualTo(ALL);
        assertThat(bookmarkOfWhatIsThere(again)).as("after another kill").isEqualTo(ALL);
    }

    /** The bookmark, to which all that is there must belong. */
    private long bookmarkOfWhatIsThere(Path store) {
        try (LedgerDb left = open(store)) {
            assertThat(left.replacesBroken()).isFalse();
            long bookmark = Objects.requireNonNull(left.bookmark());
            int count = (int) Math.max(0, bookmark);
            assertThat(left.<AccountHead>read(reader -> reader.head(ADA)))
                    .isEqualTo(new AccountHead(count, count, count > 0));
            assertThat(left.<Long>read(reader -> reader.balanceAt(ADA, Long.MAX_VALUE)))
                    .isEqualTo(count);
            Overlay overlay = new Overlay(left);
            for (int i = 0; i < ALL; i++) {
                JournalEntry entry = entries.get(i);
                assertThat(overlay.entry("ada", entry.command().uid())).isEqualTo(i < count ? entry : null);
            }
            overlay.close();
            return bookmark;
        }
    }

    private Path kill(Path database) {
        Path killed = directory.resolve("killed");
        DatabaseFiles.copy(database, killed);
        return killed;
    }

    private static LedgerDb open(Path store) {
        return new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }
}

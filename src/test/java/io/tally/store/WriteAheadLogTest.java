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
    /** Of the log, before the first batch and after each. */
    private final List<Long> lengths = new ArrayList<>();

    private Path store;
    private LedgerDb db;

    @BeforeEach
    void write() throws IOException {
        store = directory.resolve("0_0/ledger");
        db = open(store);
        lengths.add(Files.size(DatabaseFiles.lastLog(store)));
        for (int batch = 0; batch < BATCHES; batch++) {
            writeBatch();
            lengths.add(Files.size(DatabaseFiles.lastLog(store)));
        }
    }

    private void writeBatch() {
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < BATCH; i++) {
            entries.add(decider.apply(Commands.deposit(ADA, 1, Commands.NOON + entries.size()), overlay));
        }
        overlay.writeTo(entries.size());
        overlay.close();
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void shouldHaveEveryBatchAfterAKill() {
        // When
        Path killed = kill(store);

        // Then
        assertThat(bookmarkOfWhatIsThere(killed)).isEqualTo(ALL);
    }

    @Test
    void shouldHaveEveryBatchOfBothLogsAfterAKill() throws IOException {
        // When
        Path killed = killWhileFlushing();

        // Then
        assertThat(bookmarkOfWhatIsThere(killed)).isEqualTo(ALL + BATCH);
    }

    /** The disk gets logs in any order: the later one may be whole when the earlier one lost its end, or was never written. */
    @Test
    void shouldStandWhereTheEarlierLogEndsWhateverTheLaterOneHas() throws IOException {
        assertBookmarksOfTheEarlierLog(DatabaseFiles::truncate);
    }

    @Test
    void shouldStandWhereTheEarlierLogTurnsToZerosWhateverTheLaterOneHas() throws IOException {
        assertBookmarksOfTheEarlierLog(DatabaseFiles::zero);
    }

    private void assertBookmarksOfTheEarlierLog(Damage damage) throws IOException {
        Path killed = killWhileFlushing();
        for (int batches = 0; batches < BATCHES; batches++) {
            // When
            long bookmark = bookmarkAfter(damage, killed, lengths.get(batches));

            // Then
            assertThat(bookmark).isEqualTo(batches == 0 ? LedgerDb.NO_OFFSET : batches * (long) BATCH);
        }
    }

    /** While a memtable is flushed, the next has a log of its own. */
    private Path killWhileFlushing() throws IOException {
        Path killed = kill(store);
        db.flush();
        writeBatch();
        Path log = DatabaseFiles.lastLog(store);
        Files.copy(log, killed.resolve(log.getFileName()));
        return killed;
    }

    @Test
    void shouldNotRestoreAgainWhatWasRestoredOnce() {
        try (StoreRig rig = new StoreRig(directory.resolve("0_1"))) {
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
        try (StoreRig rig = new StoreRig(directory.resolve("0_1"))) {
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
        Path killed = kill(store);
        long length = Files.size(DatabaseFiles.firstLog(killed));
        Set<Long> bookmarks = new HashSet<>();
        for (int place = 0; place < PLACES; place++) {
            // When
            bookmarks.add(bookmarkAfter(damage, killed, length * place / PLACES));
        }

        // Then
        assertThat(bookmarks).as("a new store's, and each batch's but the last").hasSize(BATCHES);
    }

    /** Where a database stands whose first log is damaged at this position; it must go on from there. */
    private long bookmarkAfter(Damage damage, Path killed, long position) throws IOException {
        Path damaged = directory.resolve("damaged-" + position).resolve("ledger");
        DatabaseFiles.copy(killed, damaged);
        damage.at(DatabaseFiles.firstLog(damaged), position);
        long bookmark = bookmarkOfWhatIsThere(damaged);
        assertGoesOn(damaged);
        return bookmark;
    }

    /** What was behind the damage must not come back later, beside what has taken its place. */
    private void assertGoesOn(Path damaged) {
        Path again = damaged.resolveSibling("again").resolve("ledger");
        try (LedgerDb left = open(damaged)) {
            Overlay overlay = new Overlay(left);
            entries.forEach(entry -> overlay.apply(entry, JournalCodec.value(entry)));
            overlay.writeTo(entries.size());
            overlay.close();
            DatabaseFiles.copy(damaged, again);
        }
        assertThat(bookmarkOfWhatIsThere(damaged)).isEqualTo(entries.size());
        assertThat(bookmarkOfWhatIsThere(again)).as("after another kill").isEqualTo(entries.size());
    }

    /** The bookmark, to which all that is there must belong, and which a look without a change must have found. */
    private long bookmarkOfWhatIsThere(Path database) {
        StoreStatus seen = StoreStatus.of(database.getParent(), StoreRig.RESOURCES.memory());
        try (LedgerDb left = open(database)) {
            assertThat(left.replacesBroken()).isFalse();
            long bookmark = Objects.requireNonNull(left.bookmark());
            assertThat(seen).isNotNull().extracting(StoreStatus::bookmark).isEqualTo(bookmark);
            int count = (int) Math.max(0, bookmark);
            assertThat(left.<AccountHead>read(reader -> reader.head(ADA)))
                    .isEqualTo(new AccountHead(count, count, count > 0));
            assertThat(left.<Long>read(reader -> reader.balanceAt(ADA, Long.MAX_VALUE)))
                    .isEqualTo(count);
            Overlay overlay = new Overlay(left);
            for (int i = 0; i < entries.size(); i++) {
                JournalEntry entry = entries.get(i);
                assertThat(overlay.entry("ada", entry.command().uid())).isEqualTo(i < count ? entry : null);
            }
            overlay.close();
            return bookmark;
        }
    }

    private Path kill(Path database) {
        Path killed = directory.resolve("killed/ledger");
        DatabaseFiles.copy(database, killed);
        return killed;
    }

    private static LedgerDb open(Path database) {
        return new StoreDirectory(database).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }
}

package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.Command;
import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final long DAY = 86_400_000L;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private LedgerDb db;
    private Overlay overlay;

    @BeforeEach
    void open() {
        db = open("ledger");
        overlay = new Overlay(db);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void shouldTakeTheNextEntry() {
        JournalEntry entry = decider.decide(Commands.deposit("ada", 100), overlay);

        // When
        boolean taken = Decider.apply(entry, overlay);

        // Then
        assertThat(taken).isTrue();
        assertThat(overlay.size()).isEqualTo(1);
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        assertThat(overlay.entry("ada", entry.command().uid())).isEqualTo(entry);
    }

    @Test
    void shouldSkipAnEntryThatTheOverlayHas() {
        // Given
        JournalEntry first = decider.apply(Commands.deposit("ada", 100), overlay);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        boolean taken = Decider.apply(first, overlay);

        // Then
        assertThat(taken).isFalse();
        assertThat(overlay.size()).isEqualTo(2);
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(2, 70, true));
    }

    @Test
    void shouldSkipAnEntryThatTheDatabaseHas() {
        // Given
        JournalEntry first = decider.apply(Commands.deposit("ada", 100), overlay);
        overlay.writeTo(1);

        // When
        boolean taken = Decider.apply(first, overlay);

        // Then
        assertThat(taken).isFalse();
        assertThat(overlay.size()).isZero();
    }

    @Test
    void shouldRefuseAGap() {
        // Given
        Overlay ahead = new Overlay(db);
        decider.apply(Commands.deposit("ada", 1), ahead);
        decider.apply(Commands.deposit("ada", 2), ahead);
        JournalEntry third = decider.apply(Commands.deposit("ada", 3), ahead);
        decider.apply(Commands.deposit("ada", 1), overlay);

        // When
        assertThatThrownBy(() -> Decider.apply(third, overlay))
                // Then
                .isInstanceOf(LedgerStoreException.class)
                .hasMessage("Expected entry 2 of account ada/USD, but got 3");
        assertThat(overlay.size()).isEqualTo(1);
    }

    /** A batch is in the database, but the process was killed before its bookmark moved: it comes again. */
    @Test
    void shouldCountAReplayedBatchOnce() {
        // Given
        List<JournalEntry> entries = Stream.of(
                        Commands.deposit(ADA, 100, 10 * DAY),
                        Commands.deposit(ADA, 20, 3 * DAY),
                        Commands.withdraw(ADA, 7, 3 * DAY + 5),
                        Commands.deposit(ADA, 1, 11 * DAY),
                        Commands.withdraw(ADA, 500, 2 * DAY))
                .map(command -> decider.apply(command, overlay))
                .toList();
        overlay.writeTo(LedgerDb.NO_OFFSET);
        db.close();
        var before = DatabaseFiles.contents(directory.resolve("ledger"));
        db = open("ledger");

        // When
        Overlay replayed = new Overlay(db);
        entries.forEach(entry -> Decider.apply(entry, replayed));
        replayed.writeTo(LedgerDb.NO_OFFSET);

        // Then
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, 5 * DAY))).isEqualTo(13);
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, 11 * DAY))).isEqualTo(114);
        assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isEqualTo(new AccountHead(5, 114, true));
        db.close();
        assertThat(DatabaseFiles.contents(directory.resolve("ledger"))).isEqualTo(before);
    }

    @Test
    void shouldReadThroughTheOverlayAndTheDatabase() {
        // Given
        JournalEntry opening = decider.apply(Commands.open("ada", "Ada"), overlay);
        overlay.writeTo(1);

        // When
        JournalEntry deposit = decider.apply(Commands.deposit("ada", 100), overlay);
        JournalEntry other = decider.apply(Commands.open("bob", "Bob"), overlay);

        // Then
        assertThat(overlay.entry("ada", opening.command().uid())).isEqualTo(opening);
        assertThat(overlay.entry("ada", deposit.command().uid())).isEqualTo(deposit);
        assertThat(overlay.entry("bob", deposit.command().uid())).isNull();
        assertThat(overlay.entry("ada", UUID.randomUUID())).isNull();
        assertThat(overlay.opened("ada")).isTrue();
        assertThat(overlay.opened("bob")).isTrue();
        assertThat(overlay.opened("eve")).isFalse();
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(2, 100, true));
        assertThat(overlay.head(new Account("ada", "EUR"))).isEqualTo(AccountHead.EMPTY);
        assertThat(db.<JournalEntry>read(
                        reader -> reader.entry("bob", other.command().uid())))
                .isNull();
    }

    @Test
    void shouldNotCountARejectedOpeningAsOpened() {
        // Given
        JournalEntry first = decider.apply(Commands.open("ada", "Ada"), overlay);
        JournalEntry second = decider.apply(Commands.open("ada", "Other"), overlay);

        // When
        overlay.writeTo(1);

        // Then
        assertThat(second.accepted()).isFalse();
        assertThat(db.<UserState>read(reader -> reader.user("ada")))
                .extracting(UserState::opening)
                .isEqualTo(first);
    }

    @Test
    void shouldForgetEverythingThatIsCleared() {
        // Given
        Command deposit = Commands.deposit(ADA, 100, 5 * DAY);
        decider.apply(deposit, overlay);
        decider.apply(Commands.deposit(ADA, 1, 2 * DAY), overlay);
        decider.apply(Commands.open("ada", "Ada"), overlay);

        // When
        overlay.clear();

        // Then
        assertThat(overlay.size()).isZero();
        assertThat(overlay.head(ADA)).isEqualTo(AccountHead.EMPTY);
        assertThat(overlay.entry("ada", deposit.uid())).isNull();
        assertThat(overlay.opened("ada")).isFalse();
        overlay.writeTo(9);
        assertThat(db.<UserState>read(reader -> reader.user("ada"))).isNull();
        db.close();
        assertThat(DatabaseFiles.contents(directory.resolve("ledger"))).hasSize(3);
    }

    /** In one batch or one by one, live or restored: the same entries leave the same bytes. */
    @Test
    void shouldWriteTheSameBytesHoweverEntriesCome() {
        // Given
        List<JournalEntry> entries = Stream.of(
                        Commands.open("ada", "Ada"),
                        Commands.deposit(ADA, 100, 10 * DAY),
                        Commands.withdraw(ADA, 900, 9 * DAY),
                        Commands.deposit(ADA, 20, 3 * DAY),
                        Commands.deposit(new Account("ada", "EUR"), 5, 3 * DAY),
                        Commands.withdraw(ADA, 7, 3 * DAY + 5),
                        Commands.deposit("bob", 8))
                .map(command -> decider.apply(command, overlay))
                .toList();
        overlay.writeTo(7);

        // When
        try (LedgerDb oneByOne = open("one-by-one")) {
            for (JournalEntry entry : entries) {
                Overlay single = new Overlay(oneByOne);
                Decider.apply(entry, single);
                single.writeTo(7);
            }
        }

        // Then
        db.close();
        assertThat(DatabaseFiles.contents(directory.resolve("one-by-one")))
                .isEqualTo(DatabaseFiles.contents(directory.resolve("ledger")));
    }

    @Test
    void shouldBringEveryIndexToTheDatabase() {
        // Given
        JournalEntry opening = decider.apply(Commands.open("ada", "Ada"), overlay);
        JournalEntry deposit = decider.apply(Commands.deposit(ADA, 100, Commands.NOON + 10 * DAY), overlay);
        JournalEntry late = decider.apply(Commands.deposit(ADA, 20, Commands.NOON + 3 * DAY), overlay);

        // When
        overlay.writeTo(7);

        // Then
        assertThat(db.bookmark()).isEqualTo(7);
        assertThat(overlay.size()).isZero();
        List<JournalEntry> statement =
                db.read(reader -> reader.statement(ADA, StatementQuery.all(10)).items());
        assertThat(statement).containsExactly(opening, late, deposit);
        assertThat(db.<UserState>read(reader -> reader.user("ada")))
                .extracting(UserState::opening)
                .isEqualTo(opening);
        assertThat(db.<JournalEntry>read(
                        reader -> reader.entry("ada", late.command().uid())))
                .isEqualTo(late);
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, Commands.NOON + 3 * DAY)))
                .isEqualTo(20);
        db.close();
        // Three entries and their uids, day and period of the late one, head, opening; bookmark, origin, format.
        assertThat(DatabaseFiles.contents(directory.resolve("ledger"))).hasSize(13);
    }

    @Test
    void shouldKnowAccountsAsTheDatabaseHasThemAfterEachWriteAndEachAbort() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        overlay.writeTo(1);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        overlay.clear();

        // Then
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        decider.apply(Commands.withdraw("ada", 5), overlay);
        overlay.writeTo(2);
        assertThat(new Overlay(db).head(ADA)).isEqualTo(new AccountHead(2, 95, true));
    }

    /** A transaction is on its way to the database, and the next one is decided upon it. */
    @Test
    void shouldDecideUponWhatWasHandedOver() {
        // Given
        decider.apply(Commands.deposit(ADA, 1, 20 * DAY), overlay);
        overlay.writeTo(1);
        JournalEntry opening = decider.apply(Commands.open("bob", "Bob"), overlay);
        JournalEntry late = decider.apply(Commands.deposit(ADA, 100, 3 * DAY), overlay);

        // When
        OnceTask write = overlay.handOver(2);

        // Then: nothing of it is there, and all of it counts.
        assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isEqualTo(new AccountHead(1, 1, true));
        assertThat(overlay.size()).isZero();
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(2, 101, true));
        assertThat(overlay.entry("ada", late.command().uid())).isEqualTo(late);
        assertThat(overlay.entry("bob", opening.command().uid())).isEqualTo(opening);
        assertThat(overlay.opened("bob")).isTrue();
        assertThat(Decider.apply(late, overlay)).isFalse();
        decider.apply(Commands.withdraw(ADA, 40, 3 * DAY + 1), overlay);

        write.complete();
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, 4 * DAY))).isEqualTo(100);
        assertThat(db.bookmark()).isEqualTo(2);
        overlay.writeTo(3);
        // The day's sum has both.
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, 4 * DAY))).isEqualTo(60);
        assertThat(db.<Long>read(reader -> reader.balanceAt(ADA, 3 * DAY))).isEqualTo(100);
        assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isEqualTo(new AccountHead(3, 61, true));
    }

    @Test
    void shouldKeepWhatWasHandedOverWhenTheNextIsDropped() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        OnceTask write = overlay.handOver(1);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        overlay.clear();

        // Then
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        write.complete();
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        overlay.settle();
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isEqualTo(new AccountHead(1, 100, true));
        assertThat(db.bookmark()).isEqualTo(1);
    }

    @Test
    void shouldWriteBatchesInTheirOrderThoughNobodyElseDoes() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        OnceTask first = overlay.handOver(1);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        OnceTask second = overlay.handOver(2);

        // Then
        assertThat(db.bookmark()).isEqualTo(1);
        second.complete();
        first.complete();
        assertThat(db.bookmark()).isEqualTo(2);
        assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isEqualTo(new AccountHead(2, 70, true));
    }

    /** What is on its way when the first uid is asked for would be in no filter: neither noted nor in the database. */
    @Test
    void shouldKnowUidsThatWereOnTheirWayWhenTheFirstWasAskedFor() {
        // Given
        JournalEntry entry = putWithoutAQuestion(Commands.deposit("ada", 100));
        OnceTask write = overlay.handOver(1);

        // When
        assertThat(overlay.entry("bob", UUID.randomUUID())).isNull();
        StoreRig.awaitBackground();
        write.complete();
        overlay.settle();

        // Then
        assertThat(overlay.entry("ada", entry.command().uid())).isEqualTo(entry);
    }

    /** What was put without a question and is still open when the first uid is asked for would be in no filter, either. */
    @Test
    void shouldKnowUidsThatWereOpenWhenTheFirstWasAskedFor() {
        // Given
        JournalEntry entry = putWithoutAQuestion(Commands.deposit("ada", 100));

        // When
        assertThat(overlay.entry("bob", UUID.randomUUID())).isNull();
        StoreRig.awaitBackground();

        // Then
        assertThat(overlay.entry("ada", entry.command().uid())).isEqualTo(entry);
    }

    /** Puts an entry that was decided upon another store, so that none of this one's uids was asked for. */
    private JournalEntry putWithoutAQuestion(Command command) {
        try (LedgerDb other = open("other")) {
            JournalEntry entry = decider.decide(command, new Overlay(other));
            assertThat(Decider.apply(entry, overlay)).isTrue();
            return entry;
        }
    }

    /** A head whose transaction is open, or on its way, is not in the database yet, and so stays in memory. */
    @Test
    void shouldFindAccountsOnTheirWayHoweverManyOthersAreLookedAt() {
        // Given
        try (LedgerDb small = openWithoutHeap("small")) {
            Overlay entries = new Overlay(small);
            decider.apply(Commands.deposit("ada", 100), entries);
            entries.writeTo(1);
            decider.apply(Commands.deposit("ada", 20), entries);

            // When
            lookAtMany(entries);
            entries.expect(List.of(ADA));

            // Then
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(2, 120, true));
            entries.handOver(2);
            lookAtMany(entries);
            entries.expect(List.of(ADA));
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(2, 120, true));
            decider.apply(Commands.deposit("ada", 3), entries);
            entries.settle();
            lookAtMany(entries);
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(3, 123, true));
            entries.clear();
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(2, 120, true));
            lookAtMany(entries);
            assertThat(entries.remembers(ADA)).isFalse();
        }
    }

    /** The heads of an open batch must not be forgotten while the database has older ones, or none. */
    @Test
    void shouldRefuseToForgetWhatRestsOnAFailedWrite() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        overlay.handOver(1);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        db.close();

        // Then
        assertThatThrownBy(overlay::clear).isInstanceOf(LedgerStoreException.class);
        assertThatThrownBy(overlay::settle).isInstanceOf(LedgerStoreException.class);
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(2, 70, true));
    }

    /** A merchant who is in each transaction came first, and must not keep all others in memory. */
    @Test
    void shouldForgetOthersThoughTheEldestIsInEachTransaction() {
        // Given
        try (LedgerDb small = openWithoutHeap("small")) {
            Overlay entries = new Overlay(small);

            // When
            for (int batch = 1; batch <= 5; batch++) {
                decider.apply(Commands.deposit("ada", 1), entries);
                for (int i = 0; i < HeadCache.MIN_ACCOUNTS; i++) {
                    decider.apply(Commands.deposit("customer-" + batch + "-" + i, 1), entries);
                }
                entries.handOver(batch);
            }
            decider.apply(Commands.deposit("ada", 1), entries);
            entries.settle();

            // Then
            assertThat(entries.remembers(new Account("customer-1-0", "USD"))).isFalse();
            assertThat(entries.remembers(new Account("customer-4-0", "USD"))).isFalse();
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(6, 6, true));
            entries.clear();
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(5, 5, true));
        }
    }

    /** At just so many that no account stays in memory that may go. */
    private static void lookAtMany(Overlay entries) {
        for (int i = 0; i <= HeadCache.MIN_ACCOUNTS; i++) {
            entries.head(new Account("passer-by-" + UUID.randomUUID(), "USD"));
        }
    }

    /** Batches of random size are written by another thread while the next is decided: as if all had been decided at once. */
    @Test
    void shouldDecideTheSameWhileAnotherThreadWrites() {
        decideWhileAnotherThreadWrites(20, 60, 200);
    }

    /** With more accounts than memory keeps, and batches of many pieces. */
    @Test
    void shouldDecideTheSameWhileAnotherThreadWritesAndHeadsComeAndGo() {
        db.close();
        db = openWithoutHeap("ledger");
        overlay = new Overlay(db);
        decideWhileAnotherThreadWrites(3 * HeadCache.MIN_ACCOUNTS, 1_500, 30);
    }

    private void decideWhileAnotherThreadWrites(int users, int mostEntries, int batches) {
        long seed = System.nanoTime();
        System.out.println("overlay seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        List<JournalEntry> entries = new ArrayList<>();
        List<JournalEntry> decided = new ArrayList<>();
        try {
            for (int batch = 1; batch <= batches; batch++) {
                for (int i = random.nextInt(mostEntries); i >= 0; i--) {
                    Account account = new Account("user-" + random.nextInt(users), "USD");
                    long time = random.nextLong(200) * DAY;
                    long amount = random.nextLong(1, 100);
                    Command command = random.nextInt(3) == 0
                            ? Commands.withdraw(account, amount, time)
                            : Commands.deposit(account, amount, time);
                    decided.add(decider.apply(command, overlay));
                    JournalEntry known = decided.get(random.nextInt(decided.size()));
                    assertThat(overlay.entry(
                                    known.command().userId(), known.command().uid()))
                            .isEqualTo(known);
                }
                if (random.nextInt(4) == 0) {
                    // The transaction was aborted.
                    overlay.clear();
                    decided.subList(entries.size(), decided.size()).clear();
                    continue;
                }
                entries.addAll(decided.subList(entries.size(), decided.size()));
                OnceTask write = overlay.handOver(batch);
                writer.execute(write::complete);
            }
            overlay.settle();
        } finally {
            writer.shutdown();
        }

        // Then
        try (LedgerDb atOnce = open("at-once")) {
            Overlay single = new Overlay(atOnce);
            entries.forEach(entry -> assertThat(Decider.apply(entry, single)).isTrue());
            single.writeTo(db.bookmark());
        }
        db.close();
        assertThat(DatabaseFiles.contents(directory.resolve("ledger")))
                .isEqualTo(DatabaseFiles.contents(directory.resolve("at-once")));
    }

    @Test
    void shouldKnowTheAccountsThatItExpects() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        decider.apply(Commands.deposit("bob", 7), overlay);
        overlay.writeTo(1);
        db.close();
        db = open("ledger");
        overlay = new Overlay(db);
        Account bob = new Account("bob", "USD");
        Account nobody = new Account("nobody", "USD");

        // When
        overlay.expect(List.of(ADA, nobody, bob, ADA));

        // Then
        assertThat(overlay.remembers(ADA)).isTrue();
        assertThat(overlay.remembers(bob)).isTrue();
        assertThat(overlay.remembers(nobody)).isFalse();
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        assertThat(overlay.head(bob)).isEqualTo(new AccountHead(1, 7, true));
        assertThat(overlay.head(nobody)).isEqualTo(AccountHead.EMPTY);
    }

    @Test
    void shouldNotTakeWhatItExpectsForNewerThanWhatIsKnown() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        overlay.writeTo(1);
        decider.apply(Commands.deposit("ada", 20), overlay);

        // When
        overlay.expect(List.of(ADA));

        // Then
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(2, 120, true));
    }

    @Test
    void shouldFindAccountsThatAreNoLongerInMemory() {
        // Given
        try (LedgerDb small = openWithoutHeap("small")) {
            Overlay entries = new Overlay(small);
            decider.apply(Commands.deposit("ada", 100), entries);
            entries.writeTo(1);

            // When
            lookAtMany(entries);
            assertThat(entries.remembers(ADA)).isFalse();

            // Then
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
            assertThat(entries.remembers(ADA)).isTrue();
        }
    }

    @Test
    void shouldFindEveryEntryAndNoOther() {
        // Given
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            entries.add(decider.apply(Commands.deposit("user-" + i % 100, 1 + i), overlay));
            if (i % 500 == 499) {
                overlay.writeTo(i);
                db.flush();
            }
        }

        // When
        db.close();
        db = open("ledger");
        Overlay reopened = new Overlay(db);

        // Then
        for (JournalEntry entry : entries) {
            String user = entry.command().userId();
            assertThat(reopened.entry(user, entry.command().uid())).isEqualTo(entry);
            assertThat(reopened.entry(user, UUID.randomUUID())).isNull();
        }
    }

    private LedgerDb openWithoutHeap(String name) {
        StoreResources noHeap = new StoreResources(new StoreMemory(16L << 20), new HeapBudget(0));
        return new StoreDirectory(directory.resolve(name)).open(StoreRig.ORIGIN, noHeap);
    }

    private LedgerDb open(String name) {
        return new StoreDirectory(directory.resolve(name)).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }
}

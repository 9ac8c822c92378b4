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
import java.util.UUID;
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
        overlay.writeTo(db, 1);

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
        overlay.writeTo(db, LedgerDb.NO_OFFSET);
        db.close();
        var before = DatabaseFiles.contents(directory.resolve("ledger"));
        db = open("ledger");

        // When
        Overlay replayed = new Overlay(db);
        entries.forEach(entry -> Decider.apply(entry, replayed));
        replayed.writeTo(db, LedgerDb.NO_OFFSET);

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
        overlay.writeTo(db, 1);

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
        overlay.writeTo(db, 1);

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
        overlay.writeTo(db, 9);
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
        overlay.writeTo(db, 7);

        // When
        try (LedgerDb oneByOne = open("one-by-one")) {
            for (JournalEntry entry : entries) {
                Overlay single = new Overlay(oneByOne);
                Decider.apply(entry, single);
                single.writeTo(oneByOne, 7);
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
        overlay.writeTo(db, 7);

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
        // Three entries, two in order, one late, its day, head, opening; bookmark, origin, format.
        assertThat(DatabaseFiles.contents(directory.resolve("ledger"))).hasSize(12);
    }

    @Test
    void shouldKnowAccountsAsTheDatabaseHasThemAfterEachWriteAndEachAbort() {
        // Given
        decider.apply(Commands.deposit("ada", 100), overlay);
        overlay.writeTo(db, 1);
        decider.apply(Commands.withdraw("ada", 30), overlay);

        // When
        overlay.clear();

        // Then
        assertThat(overlay.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        decider.apply(Commands.withdraw("ada", 5), overlay);
        overlay.writeTo(db, 2);
        assertThat(new Overlay(db).head(ADA)).isEqualTo(new AccountHead(2, 95, true));
    }

    @Test
    void shouldFindAccountsThatAreNoLongerInMemory() {
        // Given
        StoreMemory noHeap = new StoreMemory(16L << 20, 0);
        try (LedgerDb small = LedgerDb.open(directory.resolve("small"), StoreRig.ORIGIN, noHeap)) {
            Overlay entries = new Overlay(small);
            decider.apply(Commands.deposit("ada", 100), entries);
            entries.writeTo(small, 1);

            // When
            for (int user = 0; user < HeadCache.MIN_ACCOUNTS; user++) {
                entries.head(new Account("user-" + user, "USD"));
            }

            // Then
            assertThat(small.heads().get(ADA)).isNull();
            assertThat(entries.head(ADA)).isEqualTo(new AccountHead(1, 100, true));
            assertThat(small.heads().get(ADA)).isNotNull();
        }
    }

    @Test
    void shouldFindEveryEntryAndNoOther() {
        // Given
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            entries.add(decider.apply(Commands.deposit("user-" + i % 100, 1 + i), overlay));
            if (i % 500 == 499) {
                overlay.writeTo(db, i);
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

    private LedgerDb open(String name) {
        return LedgerDb.open(directory.resolve(name), StoreRig.ORIGIN, StoreRig.MEMORY);
    }
}

package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

class LedgerReaderTest {
    private static final Account ADA = new Account("ada", "USD");

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private LedgerDb db;

    @BeforeEach
    void open() {
        db = new StoreDirectory(directory.resolve("ledger")).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void shouldNotKnowAUserWhoseCommandsWereAllRejected() {
        // When
        decide(Commands.withdraw("ada", 1));

        // Then
        assertThat(user("ada")).isNull();
        assertThat(user("eve")).isNull();
    }

    @Test
    void shouldKnowAUserByADeposit() {
        // When
        decide(
                Commands.withdraw("ada", 1),
                Commands.deposit("ada", 5),
                Commands.deposit(new Account("ada", "EUR"), 7, Commands.NOON),
                Commands.withdraw("ada", 5));

        // Then
        assertThat(user("ada"))
                .isEqualTo(new UserState(
                        "ada", null, Map.of("USD", new AccountHead(3, 0, true), "EUR", new AccountHead(1, 7, true))));
    }

    @Test
    void shouldKnowAnOpenedUserByName() {
        // When
        decide(Commands.open("ada", "Ada Lovelace"));

        // Then
        UserState ada = user("ada");
        assertThat(ada.opening().command().name()).isEqualTo("Ada Lovelace");
        assertThat(ada.headByCurrency()).isEqualTo(Map.of("USD", new AccountHead(1, 0, false)));
    }

    @Test
    void shouldTellUsersApartOfWhomOneBeginsLikeTheOther() {
        // When
        decide(Commands.deposit("ada", 1), Commands.deposit("ada.b", 2), Commands.deposit("ad", 3));

        // Then
        assertThat(user("ada").headByCurrency()).isEqualTo(Map.of("USD", new AccountHead(1, 1, true)));
        assertThat(user("ad").headByCurrency()).isEqualTo(Map.of("USD", new AccountHead(1, 3, true)));
        assertThat(statement("ada", StatementQuery.all(10)).items()).hasSize(1);
    }

    @Test
    void shouldFindAllUsersOfAUid() {
        // Given
        UUID shared = UUID.randomUUID();
        UUID next = new UUID(shared.getMostSignificantBits(), shared.getLeastSignificantBits() + 1);
        List<JournalEntry> entries = decide(
                deposit(shared, "ada", 1),
                deposit(shared, "bob", 2),
                deposit(shared, "cyd", 3),
                deposit(next, "dan", 4));

        // Then
        assertThat(entries(shared, 10)).isEqualTo(entries.subList(0, 3));
        assertThat(entries(shared, 2)).isEqualTo(entries.subList(0, 2));
        assertThat(entries(next, 2)).isEqualTo(entries.subList(3, 4));
        assertThat(entries(UUID.randomUUID(), 2)).isEmpty();
        assertThat(db.<JournalEntry>read(reader -> reader.entry("bob", shared))).isEqualTo(entries.get(1));
        assertThat(db.<JournalEntry>read(reader -> reader.entry("dan", shared))).isNull();
    }

    @Test
    void shouldEndAPageThatLookedAtEnoughRowsAndSayWhereToGoOn() {
        // Given
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < StatementQuery.MAX_SCANNED + 10; i++) {
            commands.add(Commands.withdraw(ADA, 1, Commands.NOON + i));
        }
        commands.add(Commands.deposit(ADA, 5, Commands.NOON + 1_000_000));
        decide(commands.toArray(Command[]::new));
        StatementQuery accepted = new StatementQuery(
                new TimelinePosition(0, 0), TimelinePosition.behind(Commands.NOON * 2), false, true, 5);

        // When
        StatementPage first = statement("ada", accepted);
        StatementPage second = statement("ada", accepted.after(first.end()));

        // Then
        assertThat(first.items()).isEmpty();
        assertThat(first.end())
                .isEqualTo(new TimelinePosition(
                        Commands.NOON + StatementQuery.MAX_SCANNED - 1, StatementQuery.MAX_SCANNED));
        assertThat(second.items())
                .singleElement()
                .extracting(JournalEntry::balance)
                .isEqualTo(5L);
        assertThat(second.end()).isNull();
    }

    @Test
    void shouldEndAStatementExactlyAtItsLimit() {
        // Given
        List<JournalEntry> entries = decide(Commands.deposit("ada", 1), Commands.deposit("ada", 2));

        // Then
        assertThat(statement("ada", StatementQuery.all(2))).isEqualTo(new StatementPage(entries, null));
        assertThat(statement("ada", StatementQuery.all(1)))
                .isEqualTo(new StatementPage(entries.subList(0, 1), new TimelinePosition(Commands.NOON, 1)));
        assertThat(statement("eve", StatementQuery.all(1))).isEqualTo(new StatementPage(List.of(), null));
    }

    @Test
    void shouldIncludeFromAndExcludeTo() {
        // Given
        List<JournalEntry> entries = decide(
                Commands.deposit(ADA, 1, 999),
                Commands.deposit(ADA, 2, 1000),
                Commands.deposit(ADA, 3, 1001),
                Commands.deposit(ADA, 4, 1002));

        // Then
        assertThat(statement("ada", StatementQuery.between(1000, 1002, 10)).items())
                .isEqualTo(entries.subList(1, 3));
        assertThat(statement("ada", StatementQuery.between(1000, 1000, 10)).items())
                .isEmpty();
    }

    @Test
    void shouldTakeTimesBeyondWhatEntriesCanHave() {
        // Given
        List<JournalEntry> entries =
                decide(Commands.deposit(ADA, 1, 0), Commands.deposit(ADA, 2, Command.MAX_TIMESTAMP));

        // Then
        assertThat(statement("ada", StatementQuery.between(-1, 1L << 48, 10)).items())
                .isEqualTo(entries);
        assertThat(statement("ada", StatementQuery.between(Long.MIN_VALUE, Long.MAX_VALUE, 10))
                        .items())
                .isEqualTo(entries);
        assertThat(statement("ada", StatementQuery.between(1L << 48, Long.MAX_VALUE, 10))
                        .items())
                .isEmpty();
        assertThat(balanceAt(-1)).isZero();
        assertThat(balanceAt(Long.MIN_VALUE)).isZero();
        assertThat(balanceAt(0)).isEqualTo(1);
        assertThat(balanceAt(1L << 48)).isEqualTo(3);
        assertThat(balanceAt(Long.MAX_VALUE)).isEqualTo(3);
    }

    @Test
    void shouldRefuseLimitsOutOfBounds() {
        assertThat(StatementQuery.all(1).limit()).isEqualTo(1);
        assertThat(StatementQuery.all(StatementQuery.MAX_LIMIT).limit()).isEqualTo(500);
        for (int limit : new int[] {-1, 0, StatementQuery.MAX_LIMIT + 1}) {
            assertThatThrownBy(() -> StatementQuery.all(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Expected a limit from 1 to 500, but got " + limit);
        }
    }

    @Test
    void shouldSayWhichEntryIsNotAtItsPlace() throws Exception {
        // Given
        UUID lost = UUID.randomUUID();
        Path marker = directory.resolve("ledger").resolve("BROKEN");
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(
                    StoreKeys.uid(lost, "ada"), StoreKeys.place(StoreKeys.IN_ORDER, "USD", new TimelinePosition(5, 1)));
            db.write(batch, 1);
        }

        // When
        assertThatThrownBy(() -> read(reader -> reader.entry("ada", lost)))
                // Then
                .isInstanceOf(LedgerStoreException.class)
                .hasMessageContaining("user ada")
                .hasMessageContaining("74555344000000000005000000000001");
        assertThat(marker).exists();
        Files.delete(marker);
        assertThatThrownBy(() -> new Overlay(db).entry("ada", lost)).isInstanceOf(LedgerStoreException.class);
        assertThat(marker).exists();
    }

    /** Late entries around the boundaries of days and of the 64 days that are summed up together. */
    @Test
    void shouldSumLateEntriesAtTheBoundariesOfSpans() {
        // Given
        long day = 86_400_000L;
        long period = 300 * 64 * day;
        long[] times = {
            0,
            period - 1,
            period,
            period + 1,
            period + day - 1,
            period + day,
            period + 63 * day,
            period + 64 * day - 1,
            period + 64 * day,
            period + 64 * day + 1
        };
        decide(Commands.deposit(ADA, 1 << times.length, period + 200 * day));
        for (int i = 0; i < times.length; i++) {
            decide(Commands.deposit(ADA, 1 << i, times[i]));
        }

        // Then
        for (int i = 0; i < times.length; i++) {
            assertThat(balanceAt(times[i] - 1)).isEqualTo((1 << i) - 1);
            assertThat(balanceAt(times[i])).isEqualTo((2 << i) - 1);
        }
        assertThat(balanceAt(period + 200 * day)).isEqualTo((2 << times.length) - 1);
    }

    @Test
    void shouldFindALateOpening() {
        // Given
        decide(Commands.deposit(ADA, 5, Commands.NOON));
        JournalEntry opening = decide(Commands.command(UUID.randomUUID(), ADA, CommandType.OPEN, 0, Commands.NOON - 1))
                .get(0);

        // Then
        assertThat(opening.accepted()).isTrue();
        assertThat(user("ada").opening()).isEqualTo(opening);
        assertThat(entries(opening.command().uid(), 2)).containsExactly(opening);
    }

    private static Command deposit(UUID uid, String userId, long amount) {
        return Commands.command(uid, new Account(userId, "USD"), CommandType.DEPOSIT, amount, Commands.NOON);
    }

    private List<JournalEntry> decide(Command... commands) {
        Overlay overlay = new Overlay(db);
        List<JournalEntry> entries = Arrays.stream(commands)
                .map(command -> decider.apply(command, overlay))
                .toList();
        overlay.writeTo(1);
        return entries;
    }

    private UserState user(String userId) {
        return db.<UserState>read(reader -> reader.user(userId));
    }

    private StatementPage statement(String userId, StatementQuery query) {
        return read(reader -> reader.statement(new Account(userId, "USD"), query));
    }

    private List<JournalEntry> entries(UUID uid, int limit) {
        return read(reader -> reader.entries(uid, limit));
    }

    private long balanceAt(long at) {
        return read(reader -> reader.balanceAt(ADA, at));
    }

    private <R> R read(Function<LedgerReader, R> reading) {
        R answer = db.read(reading);
        assertThat(answer).isNotNull();
        return answer;
    }
}

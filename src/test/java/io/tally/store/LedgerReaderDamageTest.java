package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A walk over rows ends at a broken block: what it has by then is no answer. */
class LedgerReaderDamageTest {
    private static final Account ADA = new Account("ada", "USD");
    /**
     * So many that the sums of days fill more than a block: the account's head stands behind them, and when it is broken as
     * well, no sum is asked for.
     */
    private static final int ROUNDS = 1_200;

    private static final int DAYS_BETWEEN_QUESTIONS = 16;
    private static final int FLIPS = 40;
    private static final long BOOKMARK = 77;
    private static final long DAY = 86_400_000L;

    @TempDir
    Path directory;

    private final List<JournalEntry> entries = new ArrayList<>();
    private Path store;

    @BeforeEach
    void fill() {
        store = directory.resolve("ledger");
        try (LedgerDb db = new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.RESOURCES)) {
            Decider decider = new Decider();
            Overlay overlay = new Overlay(db);
            for (int i = 0; i < ROUNDS; i++) {
                entries.add(decider.apply(Commands.deposit(ADA, 1 + i, Commands.NOON + i * DAY), overlay));
                long late = Commands.NOON + (i - 1) * DAY / 2 + 1;
                entries.add(decider.apply(Commands.deposit(ADA, 1, late), overlay));
            }
            overlay.writeTo(BOOKMARK);
        }
    }

    @Test
    void shouldNotSumUpPastABrokenBlock() throws IOException {
        // Given
        Map<Long, Long> balanceByTime = new LinkedHashMap<>();
        for (int day = -1; day <= ROUNDS; day += DAYS_BETWEEN_QUESTIONS) {
            long at = Commands.NOON + day * DAY + 1;
            balanceByTime.put(at, balanceAt(at));
        }

        // When
        long refused = refusedWhereAByteFlips(balanceByTime, (reader, at) -> reader.balanceAt(ADA, at));

        // Then
        assertThat(refused).as("refused balances").isPositive();
    }

    @Test
    void shouldNotMissAnEntryInABrokenBlock() throws IOException {
        // Given
        Map<UUID, List<JournalEntry>> entriesByUid = new LinkedHashMap<>();
        entries.forEach(entry -> entriesByUid.put(entry.command().uid(), List.of(entry)));

        // When
        long refused = refusedWhereAByteFlips(entriesByUid, (reader, uid) -> reader.entries(uid, 2));

        // Then
        assertThat(refused).as("refused uids").isPositive();
    }

    private long balanceAt(long at) {
        return entries.stream()
                .filter(entry -> entry.command().effectiveAt() <= at)
                .mapToLong(JournalEntry::delta)
                .sum();
    }

    /** How many questions were refused, over all places; the others must have been answered right. */
    private <Q, A> long refusedWhereAByteFlips(Map<Q, A> answers, BiFunction<LedgerReader, Q, A> question)
            throws IOException {
        long refused = 0;
        for (int i = 0; i < FLIPS; i++) {
            Path damaged = directory.resolve("damaged-" + i);
            DatabaseFiles.copyFlipped(store, damaged, i, FLIPS);
            try (LedgerDb db = DatabaseFiles.openAfresh(damaged)) {
                if (db.bookmark() == BOOKMARK) {
                    refused += refused(db, answers, question);
                }
            }
        }
        return refused;
    }

    private static <Q, A> long refused(LedgerDb db, Map<Q, A> answers, BiFunction<LedgerReader, Q, A> question) {
        long refused = 0;
        for (Map.Entry<Q, A> expected : answers.entrySet()) {
            try {
                A answer = db.<A>read(reader -> question.apply(reader, expected.getKey()));
                assertThat(answer).as("%s", expected.getKey()).isEqualTo(expected.getValue());
            } catch (LedgerStoreException e) {
                refused++;
            }
        }
        return refused;
    }
}

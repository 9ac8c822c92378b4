package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Balances at a date and statements against a plain list, for users whose commands come in any order of time. The seed is
 * printed; {@code -Dtally.seed=} runs it again.
 */
class BalanceAtDateTest {
    private static final int USERS = 1_000;
    private static final int MIN_COMMANDS = 5;
    private static final int MAX_COMMANDS = 200;
    private static final int MAX_TRANSACTION = 500;
    private static final int REOPENINGS = 10;
    private static final long DAY = 86_400_000L;
    private static final String[] CURRENCIES = {"USD", "EUR", "JPY"};
    private static final Comparator<JournalEntry> STATEMENT_ORDER = Comparator.<JournalEntry>comparingLong(
                    entry -> entry.command().effectiveAt())
            .thenComparingLong(JournalEntry::sequence);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("tally.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Decider decider = new Decider();
    private final Map<Account, List<JournalEntry>> decided = new LinkedHashMap<>();
    private final LongAdder negative = new LongAdder();

    @Test
    void shouldBeExactWhateverOrderTheCommandsComeIn() {
        // Given
        System.out.println("BalanceAtDateTest runs with -Dtally.seed=" + seed);
        List<Command> commands = shuffledCommands();

        // When
        decideAll(commands);

        // Then
        try (LedgerDb db = open()) {
            decided.forEach((account, entries) -> db.read(reader -> {
                compare(reader, account, entries);
                return null;
            }));
        }
        List<JournalEntry> all = decided.values().stream().flatMap(List::stream).toList();
        assertThat(all).as("all decided, seed %d", seed).hasSameSizeAs(commands);
        assertThat(all).as("rejected ones among them, seed %d", seed).anyMatch(entry -> !entry.accepted());
        assertThat(negative.sum()).as("negative balances, seed %d", seed).isPositive();
    }

    // ---- what happens

    private List<Command> shuffledCommands() {
        List<Command> commands = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            // Many small users and a few large ones.
            double share = random.nextDouble();
            int count = MIN_COMMANDS + (int) ((MAX_COMMANDS - MIN_COMMANDS) * share * share * share);
            long[] times = timesOfUser();
            for (int i = 0; i < count; i++) {
                commands.add(command("user-" + user, times));
            }
        }
        for (int i = commands.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Command swapped = commands.get(i);
            commands.set(i, commands.get(other));
            commands.set(other, swapped);
        }
        return commands;
    }

    /** A few times that come again and again: both ends, boundaries of days and of periods, and some in between. */
    private long[] timesOfUser() {
        long midnight = random.nextBoolean() ? random.nextLong(20_000) * DAY : random.nextLong(300) * 64 * DAY;
        return new long[] {
            0, 1, Command.MAX_TIMESTAMP, midnight - 1 < 0 ? 0 : midnight - 1, midnight, midnight + 1, Commands.NOON
        };
    }

    private Command command(String userId, long[] times) {
        int kind = random.nextInt(20);
        boolean opening = kind == 0;
        String currency = opening ? "USD" : CURRENCIES[Math.max(0, random.nextInt(6) - 3)];
        CommandType type = opening ? CommandType.OPEN : kind < 11 ? CommandType.DEPOSIT : CommandType.WITHDRAW;
        return Commands.command(
                new UUID(random.nextLong(), random.nextLong()),
                new Account(userId, currency),
                type,
                opening ? 0 : 1 + random.nextInt(100),
                effectiveAt(times));
    }

    private long effectiveAt(long[] times) {
        return switch (random.nextInt(4)) {
            case 0 -> times[random.nextInt(times.length)];
            case 1 -> random.nextLong(Command.MAX_TIMESTAMP + 1);
            case 2 -> Commands.NOON + random.nextLong(3 * DAY);
            default -> Commands.NOON + random.nextLong(400) * DAY / 4;
        };
    }

    private void decideAll(List<Command> commands) {
        int next = 0;
        for (int session = 1; session <= REOPENINGS; session++) {
            int until = session == REOPENINGS ? commands.size() : commands.size() * session / REOPENINGS;
            try (LedgerDb db = open()) {
                Overlay overlay = new Overlay(db);
                while (next < until) {
                    int end = Math.min(until, next + 1 + random.nextInt(MAX_TRANSACTION));
                    for (; next < end; next++) {
                        JournalEntry entry = decider.apply(commands.get(next), overlay);
                        decided.computeIfAbsent(entry.command().account(), ignored -> new ArrayList<>())
                                .add(entry);
                    }
                    overlay.writeTo(next);
                }
            }
        }
    }

    // ---- what must come out

    private void compare(LedgerReader reader, Account account, List<JournalEntry> entries) {
        List<JournalEntry> ordered = entries.stream().sorted(STATEMENT_ORDER).toList();
        for (JournalEntry entry : ordered) {
            long at = entry.command().effectiveAt();
            compareBalance(reader, account, entries, at - 1);
            compareBalance(reader, account, entries, at);
            compareBalance(reader, account, entries, at + 1);
        }
        for (int i = 0; i < 10; i++) {
            compareBalance(reader, account, entries, random.nextLong(Command.MAX_TIMESTAMP + DAY));
            compareBalance(reader, account, entries, Commands.NOON + random.nextLong(100 * DAY));
        }
        for (JournalEntry entry : entries) {
            UUID uid = entry.command().uid();
            assertThat(reader.entry(account.userId(), uid)).isEqualTo(entry);
            assertThat(reader.entries(uid, 2)).containsExactly(entry);
            if (entry.accepted() && entry.command().type() == CommandType.OPEN) {
                assertThat(reader.user(account.userId()).opening()).isEqualTo(entry);
            }
        }
        compareStatement(reader, account, ordered, 0, Long.MAX_VALUE, null);
        long from = ordered.get(random.nextInt(ordered.size())).command().effectiveAt();
        long to = ordered.get(random.nextInt(ordered.size())).command().effectiveAt() + random.nextInt(2);
        compareStatement(reader, account, ordered, from, to, null);
        compareStatement(reader, account, ordered, Math.min(from, to), Math.max(from, to), random.nextBoolean());
    }

    private void compareBalance(LedgerReader reader, Account account, List<JournalEntry> entries, long at) {
        long expected = 0;
        for (JournalEntry entry : entries) {
            expected += entry.command().effectiveAt() <= at ? entry.delta() : 0;
        }
        if (expected < 0) {
            negative.increment();
        }
        long actual = reader.balanceAt(account, at);
        if (actual != expected) {
            assertThat(actual)
                    .as("balance of %s at %d, seed %d", account, at, seed)
                    .isEqualTo(expected);
        }
    }

    private void compareStatement(
            LedgerReader reader, Account account, List<JournalEntry> ordered, long from, long to, Boolean accepted) {
        List<JournalEntry> expected = new ArrayList<>();
        for (JournalEntry entry : ordered) {
            long at = entry.command().effectiveAt();
            if (at >= from && at < to && (accepted == null || accepted == entry.accepted())) {
                expected.add(entry);
            }
        }
        StatementQuery period = StatementQuery.between(from, to, 1 + random.nextInt(60));
        assertThat(paged(reader, account, direction(period, false, accepted)))
                .as("statement of %s from %d to %d, accepted %s, seed %d", account, from, to, accepted, seed)
                .isEqualTo(expected);
        expected.sort(STATEMENT_ORDER.reversed());
        assertThat(paged(reader, account, direction(period, true, accepted)))
                .as("newest first: %s from %d to %d, accepted %s, seed %d", account, from, to, accepted, seed)
                .isEqualTo(expected);
    }

    private static StatementQuery direction(StatementQuery query, boolean newestFirst, Boolean accepted) {
        return new StatementQuery(query.first(), query.last(), newestFirst, accepted, query.limit());
    }

    private static List<JournalEntry> paged(LedgerReader reader, Account account, StatementQuery query) {
        List<JournalEntry> items = new ArrayList<>();
        StatementPage page = reader.statement(account, query);
        items.addAll(page.items());
        while (page.end() != null) {
            assertThat(page.items()).hasSize(query.limit());
            page = reader.statement(account, query.after(page.end()));
            items.addAll(page.items());
        }
        return items;
    }

    private LedgerDb open() {
        return new StoreDirectory(directory.resolve("ledger")).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }
}

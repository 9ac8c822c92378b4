package io.tally.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.NaiveLedger.Answer;
import io.tally.ledger.NaiveLedger.Request;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random commands, others each time, each decided twice: by the rules and by {@link NaiveLedger}. */
class RandomLedgerTest {
    /** With 100,000 commands each. */
    private static final int LEDGERS = Integer.getInteger("tally.random.ledgers", 25);

    private static final int COMMANDS_PER_LEDGER = 100_000;
    /** The time of every record is another, as that of an honest retry is. */
    private static final long FIRST_RECORDED_AT = 1_700_000_000_000L;

    private final long seed = Long.getLong("tally.seed", System.nanoTime());
    private final Map<String, Long> verdicts = new HashMap<>();

    @Test
    void shouldDecideAsTheNaiveModelDoes() {
        // Given
        System.out.println("RandomLedgerTest: repeat with -Dtally.seed=" + seed);
        SplittableRandom seeds = new SplittableRandom(seed);

        // When
        for (int i = 0; i < LEDGERS; i++) {
            compare(seeds.split(), i % 4 == 0);
        }

        // Then
        System.out.println("RandomLedgerTest: " + verdicts);
        assertThat(verdicts.keySet())
                .as("every verdict was met, else the commands prove too little")
                .isEqualTo(Set.of(
                        "ACCEPTED",
                        "UNKNOWN_USER",
                        "USER_EXISTS",
                        "INSUFFICIENT_FUNDS",
                        "BALANCE_OVERFLOW",
                        "REPEAT",
                        "CONFLICT type",
                        "CONFLICT amount",
                        "CONFLICT currency",
                        "CONFLICT timestamp",
                        "CONFLICT name"));
    }

    private void compare(SplittableRandom random, boolean registrationRequired) {
        Ledger ledger = new Ledger(
                new LedgerSettings(4, "USD", registrationRequired, "test", LedgerSettings.RULES_VERSION),
                CommandBuilder.CURRENCIES);
        InMemoryLedger state = new InMemoryLedger();
        NaiveLedger naive = new NaiveLedger(registrationRequired);
        RandomRequests requests = new RandomRequests(random, COMMANDS_PER_LEDGER);
        for (int offset = 0; offset < COMMANDS_PER_LEDGER; offset++) {
            Request request = requests.next();
            Answer expected = naive.answer(request);
            verdicts.merge(expected.verdict(), 1L, Long::sum);
            Command command = command(request, FIRST_RECORDED_AT + offset);
            Source source = new Source(0, offset);
            Decision decision = ledger.decide(command, FIRST_RECORDED_AT + offset, source, state);
            Answer actual = answer(decision);
            if (!same(actual, expected)) {
                throw new AssertionError("Expected " + expected + " for " + request + " at offset " + offset
                        + ", but got " + actual + "; seed " + seed);
            }
            if (decision instanceof Decision.Decided decided) {
                applyAndCheck(decided.entry(), command, source, state);
            }
        }
        checkHeads(state, naive);
    }

    /** What must hold after every command. */
    private void applyAndCheck(JournalEntry entry, Command command, Source source, InMemoryLedger state) {
        AccountHead before = state.head(command.account());
        boolean openedBefore = state.opened(command.userId());
        state.apply(entry);
        AccountHead after = state.head(command.account());
        check(entry.command().equals(command) && entry.source().equals(source), "the entry is of this command", entry);
        check(entry == state.entry(command.userId(), command.uid()), "the entry is found by its uid", entry);
        check(after.sequence() == before.sequence() + 1, "sequences have no gaps", entry);
        check(after.balance() == before.balance() + entry.delta(), "the balance is the sum of deltas", entry);
        check(after.balance() >= 0 && after.balance() <= Money.MAX_BALANCE, "the balance is within bounds", entry);
        if (!entry.accepted()) {
            check(
                    after.balance() == before.balance()
                            && after.funded() == before.funded()
                            && state.opened(command.userId()) == openedBefore,
                    "a rejected command changes nothing but the sequence",
                    entry);
        }
    }

    private static void checkHeads(InMemoryLedger state, NaiveLedger naive) {
        assertThat(state.heads()).hasSize(naive.accounts());
        state.heads().forEach((account, head) -> {
            BigDecimal balance = CommandBuilder.CURRENCIES.decimal(head.balance(), account.currency());
            assertThat(balance).isEqualByComparingTo(naive.balance(account.userId(), account.currency()));
            assertThat(head.sequence()).isEqualTo(naive.sequence(account.userId(), account.currency()));
            assertThat(state.opened(account.userId())).isEqualTo(naive.registered(account.userId()));
        });
        InMemoryLedger replayed = InMemoryLedger.replay(state.journal());
        assertThat(replayed.heads()).isEqualTo(state.heads());
        assertThat(replayed.openedUsers()).isEqualTo(state.openedUsers());
    }

    private static Command command(Request request, long recordedAt) {
        String currency = request.currency() == null ? "USD" : request.currency();
        int digits = CommandBuilder.CURRENCIES.digitsByCode().get(currency);
        BigDecimal amount = request.amount();
        return new Command(
                request.uid(),
                new Account(request.user(), currency),
                CommandType.valueOf(request.type()),
                amount == null ? 0 : amount.movePointRight(digits).longValueExact(),
                request.timestamp() == null ? recordedAt : request.timestamp(),
                request.name(),
                request.currency() != null,
                request.timestamp() != null);
    }

    private static Answer answer(Decision decision) {
        if (decision instanceof Decision.Decided decided) {
            Rejection rejection = decided.entry().rejection();
            return answer(rejection == null ? "ACCEPTED" : rejection.name(), decided.entry());
        }
        if (decision instanceof Decision.Conflicting conflicting) {
            return answer("CONFLICT " + conflicting.field().wireName(), conflicting.first());
        }
        return answer("REPEAT", ((Decision.Repeated) decision).first());
    }

    private static Answer answer(String verdict, JournalEntry entry) {
        String currency = entry.command().account().currency();
        return new Answer(verdict, CommandBuilder.CURRENCIES.decimal(entry.balance(), currency), entry.sequence());
    }

    private static boolean same(Answer a, Answer b) {
        return a.verdict().equals(b.verdict())
                && a.sequence() == b.sequence()
                && a.balance().compareTo(b.balance()) == 0;
    }

    private void check(boolean holds, String invariant, JournalEntry entry) {
        if (!holds) {
            throw new AssertionError("Expected that " + invariant + ", but got " + entry + "; seed " + seed);
        }
    }
}

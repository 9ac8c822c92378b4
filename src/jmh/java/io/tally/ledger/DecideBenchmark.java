package io.tally.ledger;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The rules alone: what is known of the account costs nothing here. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBenchmark {
    private static final long NOON = 1_700_000_000_000L;
    private static final LedgerSettings SETTINGS =
            new LedgerSettings(4, "USD", false, "some", LedgerSettings.RULES_VERSION);

    private final Ledger ledger = new Ledger(SETTINGS, new CurrencyTable("some", Map.of("USD", 2)));
    private final Source source = new Source(0, 1);
    private final Command deposit = command(CommandType.DEPOSIT, 100);
    private final Command withdrawal = command(CommandType.WITHDRAW, 1_000_000);
    private final LedgerView view = new LedgerView() {
        @Override
        public @Nullable JournalEntry entry(String userId, UUID uid) {
            return null;
        }

        @Override
        public AccountHead head(Account account) {
            return AccountHead.EMPTY;
        }

        @Override
        public boolean opened(String userId) {
            return false;
        }
    };

    private static Command command(CommandType type, long amount) {
        return new Command(new UUID(1, 2), new Account("ada", "USD"), type, amount, NOON, null, false, false);
    }

    /** A deposit, which is accepted. */
    @Benchmark
    public Decision accept() {
        return ledger.decide(deposit, NOON, source, view);
    }

    /** A withdrawal of more than there is. */
    @Benchmark
    public Decision reject() {
        return ledger.decide(withdrawal, NOON, source, view);
    }
}

package io.tally.store;

import io.tally.app.load.Workload;
import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.Decision;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Ledger;
import io.tally.ledger.LedgerSettings;
import io.tally.ledger.Source;
import io.tally.wire.CurrencyTables;
import io.tally.wire.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A partition's database in a temporary directory, with 1,000,000 entries of 10,000 users: some late, as in real life. */
@State(Scope.Benchmark)
public class FilledStore {
    static final int ENTRIES = 1_000_000;
    static final int BATCH = 1_000;

    private static final int USERS = 10_000;
    private static final LedgerSettings SETTINGS =
            new LedgerSettings(1, "USD", false, "bundled", LedgerSettings.RULES_VERSION);

    final Workload workload = new Workload(1, USERS, true);
    private final Ledger ledger = new Ledger(SETTINGS, CurrencyTables.bundled());
    private Path directory;
    private Overlay overlay;
    private LedgerDb db;
    private long commands;

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory("tally-jmh-");
        db = new StoreDirectory(directory).open(new LedgerOrigin("cluster", "topic"), new StoreResources(256L << 20));
        overlay = new Overlay(db);
        while (commands < ENTRIES) {
            transact();
        }
        db.flush();
    }

    /** Decides a batch, puts its entries and commits them. */
    void transact() {
        for (int i = 0; i < BATCH; i++) {
            Decision decision = ledger.decide(
                    command(commands), workload.effectiveMillis(commands), new Source(0, commands), overlay);
            JournalEntry entry = ((Decision.Decided) decision).entry();
            overlay.apply(entry, JournalCodec.value(entry));
            commands++;
        }
        overlay.writeTo(commands);
    }

    LedgerDb db() {
        return db;
    }

    Account account(int user) {
        return new Account(workload.userId(user), "USD");
    }

    private Command command(long number) {
        long amount = workload.amount(number);
        return new Command(
                workload.uid(number),
                account(workload.user(number)),
                amount < 0 ? CommandType.WITHDRAW : CommandType.DEPOSIT,
                Math.abs(amount),
                workload.effectiveMillis(number),
                null,
                false,
                true);
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        db.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : innermostFirst) {
                Files.delete(file);
            }
        }
    }
}

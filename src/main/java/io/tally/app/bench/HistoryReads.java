package io.tally.app.bench;

import io.tally.app.load.DatedBalances;
import io.tally.app.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Look-ups in the history of one account: its balance at random dates, or pages of its statement from there on. */
final class HistoryReads implements Scenario {
    static final String NAME = "history";

    /** Offered when no rate is asked for: few enough that none waits for another. */
    private static final int PER_SECOND = 200;

    private final BenchSettings settings;
    private final HttpTarget target;
    private final CommandFeed feed;
    private final String what;
    private final Supplier<Supplier<Attempt>> attempts;

    private HistoryReads(
            BenchSettings settings,
            LocalLedger ledger,
            CommandFeed feed,
            String what,
            Supplier<Supplier<Attempt>> attempts) {
        this.settings = settings;
        this.target = new HttpTarget(ledger.http());
        this.feed = feed;
        this.what = what;
        this.attempts = attempts;
    }

    static HistoryReads ofBalances(BenchSettings settings, LocalLedger ledger, CommandFeed feed) {
        HttpTarget target = new HttpTarget(ledger.http());
        DatedBalances balances = new DatedBalances(feed.workload(), feed.sent());
        SplittableRandom random = new SplittableRandom(settings.seed());
        return new HistoryReads(settings, ledger, feed, "GET balance?date=", () -> {
            SplittableRandom own = random.split();
            return () -> {
                Instant date = anyDate(balances, own);
                String path = BalanceSample.path(feed.workload(), 0) + "?date=" + date;
                return new DatedRead(target.get(path), balances.at(date.toEpochMilli()));
            };
        });
    }

    static HistoryReads ofStatements(BenchSettings settings, LocalLedger ledger, CommandFeed feed) {
        HttpTarget target = new HttpTarget(ledger.http());
        DatedBalances balances = new DatedBalances(feed.workload(), feed.sent());
        SplittableRandom random = new SplittableRandom(settings.seed());
        String path = "/v1/user/" + feed.workload().userId(0) + "/transactions";
        String what = "GET transactions?limit=" + StatementWalk.LIMIT + "&from=, and the page behind it";
        return new HistoryReads(settings, ledger, feed, what, () -> {
            SplittableRandom own = random.split();
            return new StatementWalk(target, path, () -> anyDate(balances, own), balances::at);
        });
    }

    private static Instant anyDate(DatedBalances balances, SplittableRandom random) {
        return Instant.ofEpochMilli(random.nextLong(Workload.FIRST_DATE.toEpochMilli(), balances.lastMillis() + 1));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String conditions() {
        return String.format(
                Locale.ROOT,
                "%s of an account with %,d entries, one in a hundred back-dated; %d offered per second, %d connections",
                what,
                feed.sent(),
                perSecond(),
                settings.connections());
    }

    private int perSecond() {
        return settings.readsPerSecond() == 0 ? PER_SECOND : settings.readsPerSecond();
    }

    @Override
    public Repetition run(Duration time) throws InterruptedException {
        return new HttpLoad(target, settings.connections(), attempts)
                .run(perSecond(), time)
                .repetition();
    }

    @Override
    public List<String> verify() throws IOException {
        return feed.verify();
    }
}

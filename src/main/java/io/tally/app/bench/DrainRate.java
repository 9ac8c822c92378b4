package io.tally.app.bench;

import io.tally.app.load.Drain;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many commands a second a ledger decides that has more of them than it can. */
final class DrainRate implements Scenario {
    static final String NAME = "drain";
    static final String GROWTH = "growth";

    static final String RATE = "commands_per_s";
    /** Commands that were decided before. */
    static final String HISTORY = "history_commands";

    private static final double PER = 100_000;

    private final String name;
    private final LocalLedger ledger;
    private final CommandFeed feed;
    private final long commands;
    private final int growthSteps;

    private DrainRate(String name, LocalLedger ledger, CommandFeed feed, long commands, int growthSteps) {
        this.name = name;
        this.ledger = ledger;
        this.feed = feed;
        this.commands = commands;
        this.growthSteps = growthSteps;
    }

    /** The same amount again and again, after a warm-up. */
    static DrainRate repeated(LocalLedger ledger, CommandFeed feed, long commands) {
        return new DrainRate(NAME, ledger, feed, commands, 0);
    }

    /** So many steps from an empty ledger on; the first is of a process that is cold. */
    static DrainRate growing(LocalLedger ledger, CommandFeed feed, long commands, int steps) {
        return new DrainRate(GROWTH, ledger, feed, commands, steps);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String conditions() {
        int users = feed.workload().users();
        return String.format(
                Locale.ROOT,
                "%,d commands lie ready, one in ten a withdrawal, %s, %d partitions; to the last outcome's commit",
                commands,
                users == 1 ? "all of 1 user" : users + " users",
                LocalLedger.PARTITIONS);
    }

    @Override
    public int repetitions(int asked) {
        return growthSteps == 0 ? asked : growthSteps;
    }

    @Override
    public boolean warmsUp() {
        return growthSteps == 0;
    }

    @Override
    public void prepare() {
        feed.layReady(commands);
    }

    /** @param time is not looked at: a repetition ends when everything was decided */
    @Override
    public Repetition run(Duration time) {
        List<Watched> watched = ledger.watched();
        ProcessorTime processors = new ProcessorTime(watched);
        double history = feed.sent();
        Drain drain = feed.drain();
        Figures figures = new Figures().with(RATE, drain.perSecond()).with(HISTORY, history);
        watched.forEach(process ->
                figures.with("cpu_" + process.name() + "_s_per_100k", processors.usedBy(process) / commands * PER));
        long difference = Math.abs(commands - drain.records());
        return new Repetition(figures, difference == 0 ? Map.of() : Map.of("outcomes too few or too many", difference));
    }

    /** What has grown is read once, after what is measured on it then. */
    @Override
    public List<String> verify() throws IOException {
        return growthSteps == 0 ? feed.verify() : List.of();
    }
}

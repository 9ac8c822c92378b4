package io.tally.app.bench;

import io.tally.app.load.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What is measured with commands by Kafka, each on a ledger of its own. */
final class KafkaScenarios {
    static final List<String> NAMES = List.of(DrainRate.NAME, SustainedRate.NAME, HistoryReads.NAME, Restart.NAME);

    /** Drained at a time where a history is only built. */
    private static final int STEP = 1_000_000;

    private static final int COMMANDS_PER_USER = 10;
    /** The first finds the process cold. */
    private static final int DRAINS_BEFORE_LOAD = 2;

    /** Makes what runs on one ledger, in this order; may use the ledger for that. */
    interface Scenarios {
        List<Scenario> on(LocalLedger ledger, CommandFeed feed, PrintStream progress)
                throws IOException, InterruptedException;
    }

    /** One ledger's work. */
    record Variant(Workload workload, Scenarios scenarios) {}

    private KafkaScenarios() {}

    /** The ledgers that a scenario needs, one after the other. */
    static List<Variant> variants(String name, BenchSettings settings) {
        LogSettings log = settings.log();
        long seed = settings.seed();
        Workload users = new Workload(seed, log.users(), false);
        return switch (name) {
            case DrainRate.NAME ->
                List.of(new Variant(
                        log.hotUser() ? new Workload(seed, 1, false) : users,
                        (ledger, feed, progress) -> List.of(
                                DrainRate.repeated(ledger, feed, log.commands()), new Footprint(ledger, feed))));
            case SustainedRate.NAME ->
                List.of(new Variant(users, (ledger, feed, progress) -> sustained(log, feed, progress)));
            case HistoryReads.NAME ->
                List.of(new Variant(
                        new Workload(seed, 1, true),
                        (ledger, feed, progress) -> history(settings, ledger, feed, progress)));
            case Restart.NAME ->
                log.histories().stream()
                        .map(history -> new Variant(
                                new Workload(seed, Math.max(1, history / COMMANDS_PER_USER), false),
                                (ledger, feed, progress) -> restart(history, ledger, feed)))
                        .toList();
            default -> throw new IllegalArgumentException("Expected scenarios of " + NAMES + ", but got " + name);
        };
    }

    private static List<Scenario> sustained(LogSettings log, CommandFeed feed, PrintStream progress)
            throws IOException {
        progress.println("sustained: draining twice, to be warm and to know the most that can be offered");
        double drained = 0;
        for (int i = 0; i < DRAINS_BEFORE_LOAD; i++) {
            feed.layReady(log.commands());
            drained = feed.drain().perSecond();
            if (!(drained > 0 && drained < Double.MAX_VALUE)) {
                throw new IOException("Expected a rate to offer a part of, but " + log.commands()
                        + " commands are too few to measure one; take more --commands");
            }
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (OfferedLoad load : log.loads()) {
            scenarios.add(new SustainedRate(feed, load.perSecond(drained), load.toString()));
        }
        return scenarios;
    }

    private static List<Scenario> history(
            BenchSettings settings, LocalLedger ledger, CommandFeed feed, PrintStream progress) throws IOException {
        progress.println("history: writing " + settings.log().entries() + " entries of one account");
        feed.fill(settings.log().entries(), STEP);
        return List.of(
                HistoryReads.ofBalances(settings, ledger, feed), HistoryReads.ofStatements(settings, ledger, feed));
    }

    private static List<Scenario> restart(int history, LocalLedger ledger, CommandFeed feed) {
        List<Scenario> scenarios = new ArrayList<>();
        if (history >= 2 * STEP) {
            scenarios.add(DrainRate.growing(ledger, feed, STEP, history / STEP));
        }
        scenarios.add(new Restart(ledger, feed, history));
        scenarios.add(new Footprint(ledger, feed));
        return scenarios;
    }
}

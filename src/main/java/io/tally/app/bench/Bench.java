package io.tally.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Runs scenarios one after the other against one ledger. */
public final class Bench {
    /** The scenarios that there are, in the order in which they run. */
    public static final List<String> SCENARIOS = List.of(HttpWrites.NAME, HttpReads.NAME, WebhookRate.NAME);

    /** Those that any service can be measured with, and soon. */
    public static final List<String> STANDARD_SCENARIOS = List.of(HttpWrites.NAME, HttpReads.NAME);

    private final BenchSettings settings;
    private final List<Watched> watched;
    private final HttpTarget target;
    private final SplittableRandom random;
    private final PrintStream progress;

    /**
     * Prepares a run.
     *
     * @param http the service
     * @param watched processes whose use of the machine is measured, this one among them
     * @param progress is told of each step
     */
    public Bench(BenchSettings settings, URI http, List<Watched> watched, PrintStream progress) {
        this.settings = settings;
        this.watched = watched;
        this.target = new HttpTarget(http);
        this.random = new SplittableRandom(settings.seed());
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @throws IOException if the service does not answer at all
     */
    public Report run() throws IOException, InterruptedException {
        Users users =
                new Users(target, Long.toString(System.currentTimeMillis(), Character.MAX_RADIX), settings.users());
        progress.println("depositing to " + settings.users() + " users");
        users.deposit(random.split());
        List<ScenarioReport> reports = new ArrayList<>();
        for (String name : settings.scenarios()) {
            reports.add(run(scenario(name, users)));
        }
        return new Report(Machine.here(), Versions.here(), settings, reports);
    }

    private Scenario scenario(String name, Users users) {
        return switch (name) {
            case HttpWrites.NAME -> new HttpWrites(target, users, settings, random.split());
            case HttpReads.NAME -> new HttpReads(target, users, settings, random.split());
            case WebhookRate.NAME -> new WebhookRate(target, users, settings, random.split());
            default -> throw new IllegalArgumentException("Expected scenarios of " + SCENARIOS + ", but got " + name);
        };
    }

    private ScenarioReport run(Scenario scenario) throws IOException, InterruptedException {
        if (!settings.warmUp().isZero()) {
            progress.println(
                    scenario.name() + ": warming up for " + settings.warmUp().toSeconds() + " s");
            long end = System.nanoTime() + settings.warmUp().toNanos();
            for (long left = settings.warmUp().toNanos(); left > 0; left = end - System.nanoTime()) {
                scenario.run(Duration.ofNanos(left));
            }
        }
        List<Repetition> repetitions = new ArrayList<>();
        for (int i = 1; i <= settings.repetitions(); i++) {
            Repetition repetition = measure(scenario);
            repetitions.add(repetition);
            progress.println("%s: %d of %d: %s"
                    .formatted(scenario.name(), i, settings.repetitions(), ReportText.line(repetition)));
        }
        return new ScenarioReport(scenario.name(), scenario.conditions(), repetitions, scenario.verify());
    }

    private Repetition measure(Scenario scenario) throws IOException, InterruptedException {
        List<Double> before = watched.stream().map(Watched::cpuSeconds).toList();
        Repetition repetition = scenario.run(settings.time());
        for (int i = 0; i < watched.size(); i++) {
            Watched process = watched.get(i);
            double used = process.cpuSeconds() - before.get(i);
            if (!Double.isNaN(used)) {
                repetition
                        .figures()
                        .with("cpu_" + process.name() + "_s", used)
                        .with("peak_rss_" + process.name() + "_mib", process.peakRssMib());
            }
        }
        return repetition;
    }
}

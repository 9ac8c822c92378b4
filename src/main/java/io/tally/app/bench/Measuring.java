package io.tally.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Warms scenarios up, repeats them, and adds what each took of the machine. */
final class Measuring {
    private final BenchSettings settings;
    private final Supplier<List<Watched>> watched;
    private final PrintStream progress;

    /** @param watched the processes that are measured at this moment */
    Measuring(BenchSettings settings, Supplier<List<Watched>> watched, PrintStream progress) {
        this.settings = settings;
        this.watched = watched;
        this.progress = progress;
    }

    ScenarioReport run(Scenario scenario) throws IOException, InterruptedException {
        if (scenario.warmsUp() && !settings.warmUp().isZero()) {
            progress.println(
                    scenario.name() + ": warming up for " + settings.warmUp().toSeconds() + " s");
            long end = System.nanoTime() + settings.warmUp().toNanos();
            for (long left = settings.warmUp().toNanos(); left > 0; left = end - System.nanoTime()) {
                scenario.prepare();
                scenario.run(Duration.ofNanos(left));
            }
        }
        int count = scenario.repetitions(settings.repetitions());
        List<Repetition> repetitions = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            scenario.prepare();
            Repetition repetition = measure(scenario);
            repetitions.add(repetition);
            progress.println("%s: %d of %d: %s".formatted(scenario.name(), i, count, ReportText.line(repetition)));
        }
        return new ScenarioReport(scenario.name(), scenario.conditions(), repetitions, scenario.verify());
    }

    private Repetition measure(Scenario scenario) throws IOException, InterruptedException {
        // A collection of what the load itself holds takes half a second, and would be taken for the service's.
        System.gc();
        ProcessorTime time = new ProcessorTime(watched.get());
        Repetition repetition = scenario.run(settings.time());
        for (Watched process : watched.get()) {
            double used = time.usedBy(process);
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

package io.tally.app.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws what a report says of rates as histories grow, and of latencies as loads do. */
final class Plot {
    private Plot() {}

    /** SVG with a chart for each of the two that the report has figures of. */
    static String of(Report report) {
        List<Chart> charts = new ArrayList<>();
        List<Chart.Series> rates = report.scenarios().stream()
                .filter(scenario -> has(scenario, DrainRate.HISTORY))
                .map(scenario -> new Chart.Series(scenario.name(), points(scenario)))
                .toList();
        if (!rates.isEmpty()) {
            charts.add(new Chart("Commands per second as the history grows", "commands before", "commands/s", rates));
        }
        List<ScenarioReport> loads = report.scenarios().stream()
                .filter(scenario -> has(scenario, "offered_per_s"))
                .sorted(Comparator.comparingDouble(scenario -> median(scenario, "offered_per_s")))
                .toList();
        if (!loads.isEmpty()) {
            charts.add(new Chart(
                    "From when a command was due to a consumer of its outcome",
                    "commands/s offered",
                    "ms",
                    List.of(latencies("p50", loads, "p50_ms"), latencies("p99", loads, "p99_ms"))));
        }
        return Chart.file(charts);
    }

    private static boolean has(ScenarioReport scenario, String figure) {
        return scenario.repetitions().get(0).figures().byName().containsKey(figure);
    }

    private static double median(ScenarioReport scenario, String figure) {
        return Spread.of(scenario.repetitions().stream()
                        .map(repetition -> repetition.figures().of(figure))
                        .toList())
                .median();
    }

    private static List<Chart.Point> points(ScenarioReport scenario) {
        return scenario.repetitions().stream()
                .map(Repetition::figures)
                .map(figures -> new Chart.Point(figures.of(DrainRate.HISTORY), figures.of(DrainRate.RATE)))
                .toList();
    }

    private static Chart.Series latencies(String name, List<ScenarioReport> loads, String figure) {
        return new Chart.Series(
                name,
                loads.stream()
                        .map(load -> new Chart.Point(median(load, "offered_per_s"), median(load, figure)))
                        .toList());
    }
}

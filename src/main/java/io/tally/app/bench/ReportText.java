package io.tally.app.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes reports for people. */
final class ReportText {
    private static final int SHOWN_CONTRADICTIONS = 5;

    private ReportText() {}

    static String of(Report report) {
        StringBuilder text = new StringBuilder();
        text.append(report.machine()).append('\n').append(report.versions());
        text.append(", seed ").append(report.settings().seed()).append('\n');
        report.scenarios().forEach(scenario -> append(text, scenario, report.settings()));
        return text.toString();
    }

    /** One repetition while others are still to come. */
    static String line(Repetition repetition) {
        String figures = repetition.figures().byName().entrySet().stream()
                .limit(5)
                .map(figure -> figure.getKey() + " " + number(figure.getValue()))
                .collect(Collectors.joining("  "));
        return repetition.faults().isEmpty() ? figures : figures + "  failed " + repetition.faults();
    }

    private static void append(StringBuilder text, ScenarioReport scenario, BenchSettings settings) {
        text.append("\n%s: %s; %d times%n".formatted(scenario.name(), scenario.conditions(), settings.repetitions()));
        text.append("  %-24s%10s%10s%10s%n".formatted("", "median", "min", "max"));
        scenario.spreads()
                .forEach((name, spread) -> text.append("  %-24s%10s%10s%10s%n"
                        .formatted(name, number(spread.median()), number(spread.min()), number(spread.max()))));
        if (scenario.repetitions().get(0).figures().byName().containsKey(DrainRate.HISTORY)) {
            text.append("  commands_per_s: ").append(growth(scenario)).append('\n');
        }
        for (Map.Entry<String, Long> fault : scenario.faults().entrySet()) {
            text.append("  failed: %d x %s%n".formatted(fault.getValue(), fault.getKey()));
        }
        scenario.contradictions().stream()
                .limit(SHOWN_CONTRADICTIONS)
                .forEach(
                        contradiction -> text.append("  ").append(contradiction).append('\n'));
        if (scenario.contradictions().size() > SHOWN_CONTRADICTIONS) {
            text.append("  and %d more like these%n"
                    .formatted(scenario.contradictions().size() - SHOWN_CONTRADICTIONS));
        }
    }

    /** Each repetition beside what was there before it. */
    private static String growth(ScenarioReport scenario) {
        return scenario.repetitions().stream()
                .map(Repetition::figures)
                .map(figures -> number(figures.of(DrainRate.RATE)) + " after "
                        + String.format(Locale.ROOT, "%,.0f", figures.of(DrainRate.HISTORY)))
                .collect(Collectors.joining("; "));
    }

    /** Three digits or a few more. */
    private static String number(double value) {
        int digits = value < 10 ? 2 : value < 1_000 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}

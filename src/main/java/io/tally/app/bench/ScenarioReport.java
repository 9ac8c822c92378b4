package io.tally.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scenario came to.
 *
 * @param repetitions at least one
 * @param contradictions what the ledger served in the end that does not follow from its answers
 */
record ScenarioReport(String name, String conditions, List<Repetition> repetitions, List<String> contradictions) {
    /** Each figure over the repetitions. */
    Map<String, Spread> spreads() {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        for (String figure : repetitions.get(0).figures().byName().keySet()) {
            List<Double> values = new ArrayList<>();
            repetitions.forEach(repetition -> values.add(repetition.figures().of(figure)));
            spreads.put(figure, Spread.of(values));
        }
        return spreads;
    }

    /** How many requests failed in all repetitions, by how. */
    Map<String, Long> faults() {
        Map<String, Long> faults = new TreeMap<>();
        repetitions.forEach(
                repetition -> repetition.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum)));
        return faults;
    }

    boolean failed() {
        return !faults().isEmpty() || !contradictions.isEmpty();
    }
}

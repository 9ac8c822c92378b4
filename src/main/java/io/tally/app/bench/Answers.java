package io.tally.app.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param seconds from its start to its last answer
 * @param nanos latencies of the right answers
 * @param faults how many answers were wrong or missing, by what they were
 */
record Answers(double seconds, Histogram nanos, Map<String, Long> faults) {
    /** Several connections' answers as one. */
    static Answers together(double seconds, List<Answers> parts) {
        Histogram nanos = new Histogram(3);
        Map<String, Long> faults = new TreeMap<>();
        for (Answers part : parts) {
            nanos.add(part.nanos());
            part.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        }
        return new Answers(seconds, nanos, faults);
    }

    /** The figures, and what failed. */
    Repetition repetition() {
        Figures figures = new Figures()
                .with("answers_per_s", nanos.getTotalCount() / seconds)
                .with("p50_ms", millis(50))
                .with("p90_ms", millis(90))
                .with("p99_ms", millis(99))
                .with("p99_9_ms", millis(99.9))
                .with("max_ms", millis(100));
        return new Repetition(figures, faults);
    }

    private double millis(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }
}

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
                .withLatencies(nanos);
        return new Repetition(figures, faults);
    }
}

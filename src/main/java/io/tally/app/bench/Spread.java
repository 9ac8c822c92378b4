package io.tally.app.bench;

import java.util.List;

/** One figure over several repetitions. */
public record Spread(double median, double min, double max) {
    /** Of one value or more; the median of an even number of values lies between the middle two. */
    public static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}

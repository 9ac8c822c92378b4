package io.tally.chaos;

import java.util.Collection;
import java.util.Locale;

/** Median and maximum of times in seconds. */
record Spread(double median, double max) {
    static Spread ofNanos(Collection<Long> nanos) {
        double[] sorted =
                nanos.stream().mapToDouble(each -> each / 1e9).sorted().toArray();
        return sorted.length == 0 ? new Spread(0, 0) : new Spread(sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f / %.1f", median, max);
    }
}

package io.tally.app.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What was measured in one repetition: numbers by name, in the order in which they are shown. A name ends with its unit. */
final class Figures {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Double> byName = new LinkedHashMap<>();

    Figures with(String name, double value) {
        byName.put(name, value);
        return this;
    }

    /** The percentiles of latencies in nanoseconds. */
    Figures withLatencies(Histogram nanos) {
        return with("p50_ms", nanos.getValueAtPercentile(50) / NANOS_PER_MILLI)
                .with("p90_ms", nanos.getValueAtPercentile(90) / NANOS_PER_MILLI)
                .with("p99_ms", nanos.getValueAtPercentile(99) / NANOS_PER_MILLI)
                .with("p99_9_ms", nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI)
                .with("max_ms", nanos.getValueAtPercentile(100) / NANOS_PER_MILLI);
    }

    Map<String, Double> byName() {
        return Collections.unmodifiableMap(byName);
    }

    double of(String name) {
        Double value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected one of " + byName.keySet() + ", but got " + name);
        }
        return value;
    }
}

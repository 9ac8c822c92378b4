package io.tally.app.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured in one repetition: numbers by name, in the order in which they are shown. A name ends with its unit. */
final class Figures {
    private final Map<String, Double> byName = new LinkedHashMap<>();

    Figures with(String name, double value) {
        byName.put(name, value);
        return this;
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

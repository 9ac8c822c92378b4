package io.tally.proof;

import io.tally.proof.AuditReport.Kind;
import io.tally.proof.AuditReport.Violation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Gathers counts and violations; keeps the text of the first of each kind only. */
final class Findings {
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Kind, Violation> violations = new EnumMap<>(Kind.class);

    void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    void violated(Kind kind, Supplier<String> record) {
        Violation known = violations.get(kind);
        violations.put(
                kind,
                known == null
                        ? new Violation(kind, 1, record.get())
                        : new Violation(kind, known.count() + 1, known.first()));
    }

    AuditReport report() {
        return new AuditReport(Map.copyOf(counts), List.copyOf(violations.values()));
    }
}

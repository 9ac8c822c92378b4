package io.tally.audit;

import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers violations. Thread-safe. */
final class Findings {
    private final int max;
    private final Map<Kind, Long> violations = new EnumMap<>(Kind.class);
    private final List<Finding> findings = new ArrayList<>();

    /** @param max how many violations are kept, beside the first of each kind */
    Findings(int max) {
        this.max = max;
    }

    void violated(Kind kind, LogRecord record, String expected) {
        violated(new Finding(kind, record.topic(), record.position(), expected, record.toString()));
    }

    synchronized void violated(Finding finding) {
        boolean first = violations.merge(finding.kind(), 1L, Long::sum) == 1;
        if (first || findings.size() < max) {
            findings.add(finding);
        }
    }

    synchronized boolean isEmpty() {
        return violations.isEmpty();
    }

    synchronized Map<Kind, Long> violations() {
        return new EnumMap<>(violations);
    }

    synchronized List<Finding> list() {
        return List.copyOf(findings);
    }
}

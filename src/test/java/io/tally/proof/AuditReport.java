package io.tally.proof;

import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param counts how many records of each kind there were, by name
 * @param violations one per kind of violation that was met; none when all is well
 */
public record AuditReport(Map<String, Long> counts, List<Violation> violations) {
    /** A promise that was broken. */
    public enum Kind {
        /** An input below the cut that must have an outcome has none. */
        MISSING_OUTCOME,
        /** A (user, uid) or an input has more than one outcome. */
        DOUBLED_OUTCOME,
        /** An outcome of something that must have none: a repeat, a dead letter, an uncommitted or no input. */
        UNEXPECTED_OUTCOME,
        /** The outcomes of a partition do not stand in the order of its input. */
        OUT_OF_ORDER,
        /** An outcome's key or JSON differs from the model's. */
        CONTENT,
        /** An outcome's CloudEvents headers differ from the model's. */
        HEADERS,
        /** Some prefix of the outcomes leaves an account below zero. */
        NEGATIVE_BALANCE,
        /** An account's sequence does not count 1, 2, 3, … */
        SEQUENCE_GAP,
        /** A balance is not the sum of the deltas up to it, or the last one is not the model's. */
        SUM_OF_DELTAS,
        MISSING_DEAD_LETTER,
        DOUBLED_DEAD_LETTER,
        /** A dead letter of something that could be decided, or of no committed input. */
        UNEXPECTED_DEAD_LETTER,
        /** A dead letter's code, detail, key or value differs from what it must be. */
        DEAD_LETTER_CONTENT,
        /** A record in the wrong partition was not copied to its right one. */
        MISSING_COPY,
        DOUBLED_COPY,
        /** A copy's key or value differs from the original's. */
        COPY_CONTENT
    }

    /**
     * @param count how often it was met
     * @param first the first offending record
     */
    public record Violation(Kind kind, long count, String first) {}

    public boolean clean() {
        return violations.isEmpty();
    }

    /** How many records of a kind there were, 0 when there were none. */
    public long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(clean() ? "clean " : "VIOLATED ").append(counts);
        for (Violation violation : violations) {
            text.append("\n  ").append(violation.kind()).append(" x").append(violation.count());
            text.append(", first: ").append(violation.first());
        }
        return text.toString();
    }
}

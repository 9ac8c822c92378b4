package io.tally.audit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param cut the input offsets up to which it compared, by partition
 * @param counts how many records of each kind there were
 * @param totals the sum of all balances, by currency
 * @param violations how often each promise was broken; empty when all is well
 * @param findings the first violations, at least one of each kind
 */
public record AuditReport(
        Map<Integer, Long> cut,
        AuditCounts counts,
        Map<String, BigDecimal> totals,
        Map<Kind, Long> violations,
        List<Finding> findings) {
    private static final int MAX_MORE = 20;

    /** A promise that was broken. */
    public enum Kind {
        /** An input below the cut that must have an outcome has none. */
        MISSING_OUTCOME,
        /** A (user, uid) or an input has more than one outcome. */
        DOUBLED_OUTCOME,
        /** An outcome of something that must have none: a dead letter, an uncommitted or no input. */
        UNEXPECTED_OUTCOME,
        /** The outcomes of a partition do not stand in the order of its input. */
        OUT_OF_ORDER,
        /** An outcome's key or JSON differs from the model's. */
        CONTENT,
        /** An outcome's headers differ from the model's. */
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
        COPY_CONTENT,
        /** A look-up over HTTP gives another balance than the outcomes. */
        SERVED_BALANCE
    }

    /**
     * A record that breaks a promise.
     *
     * @param topic of the record; the input topic if it is one that is missing
     * @param position null when it is about an account
     * @param expected what should stand there
     * @param found what stands there
     */
    public record Finding(Kind kind, String topic, @Nullable Position position, String expected, String found) {
        @Override
        public String toString() {
            return kind + " at " + topic + (position == null ? "" : " " + position) + ": expected " + expected
                    + ", but found " + found;
        }
    }

    public AuditReport {
        cut = Collections.unmodifiableMap(new TreeMap<>(cut));
        totals = Collections.unmodifiableMap(new TreeMap<>(totals));
        violations = Collections.unmodifiableMap(new TreeMap<>(violations));
        findings = List.copyOf(findings);
    }

    /** The same with what was found elsewhere. */
    public AuditReport with(List<Finding> more) {
        Map<Kind, Long> all = new TreeMap<>(violations);
        more.forEach(finding -> all.merge(finding.kind(), 1L, Long::sum));
        List<Finding> listed = new ArrayList<>(findings);
        listed.addAll(more.subList(0, Math.min(more.size(), MAX_MORE)));
        return new AuditReport(cut, counts, totals, all, listed);
    }

    public boolean clean() {
        return violations.isEmpty();
    }
}

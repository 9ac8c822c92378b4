package io.tally.audit;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many records of each kind an audit met. Each of the input is accepted, rejected, a repeat, a dead letter or re-routed.
 *
 * @param input records below the cut
 * @param outcomes that were written and compared
 * @param outcomesBeyondCut that were written of input beyond the cut, and not compared
 * @param rejected by reason
 * @param deadLetters that must be there, by the model's code
 * @param deadLettersBeyondCut that were written of input beyond the cut, and not compared
 * @param users that something was decided for
 */
public record AuditCounts(
        long input,
        long outcomes,
        long outcomesBeyondCut,
        long accepted,
        Map<String, Long> rejected,
        long repeats,
        Map<String, Long> deadLetters,
        long deadLettersBeyondCut,
        long rerouted,
        long users) {
    public AuditCounts {
        rejected = Collections.unmodifiableMap(new TreeMap<>(rejected));
        deadLetters = Collections.unmodifiableMap(new TreeMap<>(deadLetters));
    }

    /** Rejected for whatever reason. */
    public long allRejected() {
        return sum(rejected);
    }

    /** Dead letters of whatever code. */
    public long allDeadLetters() {
        return sum(deadLetters);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Under labels for a person and in their order, those that are not 0, and the users. */
    public SortedMap<String, Long> byLabel() {
        SortedMap<String, Long> labels = new TreeMap<>();
        labels.put("input", input);
        labels.put("outcomes", outcomes);
        labels.put("outcomes beyond the cut", outcomesBeyondCut);
        labels.put("accepted", accepted);
        labels.put("rejected", allRejected());
        rejected.forEach((reason, count) -> labels.put("rejected " + reason, count));
        labels.put("repeats", repeats);
        labels.put("dead letters", allDeadLetters());
        deadLetters.forEach((code, count) -> labels.put("dead letters " + code, count));
        labels.put("dead letters beyond the cut", deadLettersBeyondCut);
        labels.put("rerouted", rerouted);
        labels.values().removeIf(count -> count == 0);
        labels.put("users", users);
        return labels;
    }
}

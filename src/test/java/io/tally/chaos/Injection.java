package io.tally.chaos;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one fault. Times are nanoseconds.
 *
 * @param evidence what shows that it did its harm, or null when nothing does
 * @param skipped why it was not injected, or null
 * @param startedAt of this process's clock, as is the next
 * @param withoutWrites the longest time without a committed outcome in a partition
 * @param afterHeal from the heal to the first committed outcome in the partition that took longest; 0 when none came
 * @param restored journal entries
 */
record Injection(
        int round,
        FaultKind kind,
        @Nullable String evidence,
        @Nullable String skipped,
        long startedAt,
        long endedAt,
        long withoutWrites,
        long afterHeal,
        long restored,
        List<String> violations) {
    boolean fired() {
        return evidence != null;
    }

    long took() {
        return endedAt - startedAt;
    }

    Duration bound() {
        return kind.bound(restored);
    }

    boolean isLate() {
        return afterHeal > bound().toNanos();
    }

    @Override
    public String toString() {
        if (skipped != null) {
            return kind.label() + ": skipped, " + skipped;
        }
        return String.format(
                java.util.Locale.ROOT,
                "%s: %s; took %.1f s, %.1f s without writes, first outcome %.1f s after the heal, %d entries restored%s",
                kind.label(),
                evidence == null ? "NOT FIRED" : evidence,
                took() / 1e9,
                withoutWrites / 1e9,
                afterHeal / 1e9,
                restored,
                isLate() ? ", LATER than " + bound().toMillis() / 1e3 + " s" : "");
    }
}

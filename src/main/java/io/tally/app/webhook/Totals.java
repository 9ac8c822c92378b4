package io.tally.app.webhook;

import java.util.EnumMap;
import java.util.Map;

/** How many deliveries got which verdict. Not thread-safe. */
final class Totals {
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);

    void add(Verdict verdict) {
        counts.merge(verdict, 1L, Long::sum);
    }

    long of(Verdict verdict) {
        return counts.getOrDefault(verdict, 0L);
    }

    /** Those that were taken, each id once. */
    long events() {
        return of(Verdict.RIGHT) + of(Verdict.OUT_OF_ORDER);
    }

    /** Whether nothing was wrong; repeats are not. */
    boolean isRight() {
        return of(Verdict.OUT_OF_ORDER) == 0
                && of(Verdict.WRONG_TIMESTAMP) == 0
                && of(Verdict.WRONG_SIGNATURE) == 0
                && of(Verdict.UNREADABLE) == 0;
    }

    @Override
    public String toString() {
        return events() + " events, " + of(Verdict.REPEAT) + " repeats, " + of(Verdict.OUT_OF_ORDER) + " out of order, "
                + of(Verdict.WRONG_SIGNATURE) + " bad signatures, " + of(Verdict.WRONG_TIMESTAMP) + " bad timestamps, "
                + of(Verdict.UNREADABLE) + " unreadable";
    }
}

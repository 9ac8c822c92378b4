package io.tally.app.webhook;

import java.util.EnumMap;
import java.util.Map;

/** How many deliveries came to which result. Not thread-safe. */
final class Totals {
    private final Map<CheckResult, Long> counts = new EnumMap<>(CheckResult.class);

    void add(CheckResult result) {
        counts.merge(result, 1L, Long::sum);
    }

    long of(CheckResult result) {
        return counts.getOrDefault(result, 0L);
    }

    /** Those that were taken, each id once. */
    long events() {
        return of(CheckResult.RIGHT) + of(CheckResult.OUT_OF_ORDER);
    }

    /** Whether nothing was wrong; repeats are not. */
    boolean isRight() {
        return of(CheckResult.OUT_OF_ORDER) == 0
                && of(CheckResult.WRONG_TIMESTAMP) == 0
                && of(CheckResult.WRONG_SIGNATURE) == 0
                && of(CheckResult.UNREADABLE) == 0;
    }

    @Override
    public String toString() {
        return events() + " events, " + of(CheckResult.REPEAT) + " repeats, " + of(CheckResult.OUT_OF_ORDER)
                + " out of order, "
                + of(CheckResult.WRONG_SIGNATURE) + " bad signatures, " + of(CheckResult.WRONG_TIMESTAMP)
                + " bad timestamps, "
                + of(CheckResult.UNREADABLE) + " unreadable";
    }
}

package io.tally.webhook;

import java.time.Duration;
import java.util.List;

/**
 * When a delivery that failed is tried again.
 *
 * @param waits after the first attempt, after the second, and so on; never empty, each more than 0. There is one more attempt than
 *     waits
 */
public record RetrySchedule(List<Duration> waits) {
    /** Of each wait, up or down: deliveries that failed together must not all come back together. */
    static final double JITTER = 0.1;

    public RetrySchedule {
        waits = List.copyOf(waits);
        if (waits.isEmpty() || waits.stream().anyMatch(wait -> wait.isZero() || wait.isNegative())) {
            throw new IllegalArgumentException("Expected waits of more than 0, but got " + waits);
        }
    }

    /** Whether there is no attempt after this many. */
    boolean isExhausted(int attempts) {
        return attempts > waits.size();
    }

    /**
     * How long to wait, in milliseconds.
     *
     * @param attempts how many have failed, at least 1; not exhausted
     * @param chance 0 to 1
     */
    long waitMillis(int attempts, double chance) {
        double factor = 1 + JITTER * (2 * chance - 1);
        return Math.max(1, Math.round(waits.get(attempts - 1).toMillis() * factor));
    }

    /** From the first attempt to the last, in milliseconds, without jitter. */
    long totalMillis() {
        return waits.stream().mapToLong(Duration::toMillis).sum();
    }
}

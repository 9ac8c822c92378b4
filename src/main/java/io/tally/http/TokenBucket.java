package io.tally.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets a steady number of requests through per second, and as many at once after a second of rest. Kept as the time at which
 * the bucket would be full again (GCRA), so that nothing has to refill it. Thread-safe.
 */
final class TokenBucket {
    private static final long SECOND = 1_000_000_000;

    private final long interval;
    private final long capacity;
    private final LongSupplier nanoTime;
    private final AtomicLong full;

    /**
     * Makes a full bucket.
     *
     * @param perSecond 1 to 1,000,000
     * @param nanoTime a clock as {@link System#nanoTime()} is
     */
    TokenBucket(int perSecond, LongSupplier nanoTime) {
        this.interval = SECOND / perSecond;
        this.capacity = interval * perSecond;
        this.nanoTime = nanoTime;
        this.full = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether one more request may pass now; it counts if so. */
    boolean take() {
        while (true) {
            long now = nanoTime.getAsLong();
            long known = full.get();
            long ahead = Math.max(known - now, 0);
            if (ahead + interval > capacity) {
                return false;
            }
            if (full.compareAndSet(known, now + ahead + interval)) {
                return true;
            }
        }
    }
}

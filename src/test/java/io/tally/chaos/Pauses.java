package io.tally.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Times that are part of a fault: how long it lasts. */
final class Pauses {
    private Pauses() {}

    static void last(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }
}

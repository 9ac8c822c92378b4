package io.tally.app.bench;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When requests are due.
 *
 * <p>At a rate (an open loop), whether or not those before were answered. A latency counts from the moment when its request was
 * due and not from when a connection was free to send it: otherwise a server that stalls would hold up the requests that
 * would have shown it (coordinated omission). Without a rate (a closed loop) each connection asks again when it has its
 * answer. Thread-safe.
 */
final class Pace {
    private static final long NANOS = 1_000_000_000;

    private final long start;
    private final int perSecond;
    private final AtomicLong requests = new AtomicLong();

    /**
     * Starts a pace.
     *
     * @param start the first request's {@link System#nanoTime()}
     * @param perSecond 0 for a closed loop
     */
    Pace(long start, int perSecond) {
        this.start = start;
        this.perSecond = perSecond;
    }

    /** When the next request is due, as {@link System#nanoTime()} counts: in the past when it is late. */
    long next() {
        return perSecond == 0 ? System.nanoTime() : start + requests.getAndIncrement() * NANOS / perSecond;
    }
}

package io.tally.stream;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends the process when it stands still and nothing else would tell: a stream thread that hangs, as it waits for a disk or for a
 * thread of Kafka's that has died; or a wall clock that was set back. Kafka's clients measure time by it, send no heartbeat and
 * end no wait until it is again as late as it was, and the group gives the partitions away meanwhile.
 */
final class Watchdog implements AutoCloseable {
    /** Further back than this, the next heartbeat could come too late. */
    private static final long MOST_BACK_MS = 3_000;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final GroupLease lease;
    private final FailStop failStop;
    private final LongSupplier nanoTime;
    private final LongSupplier wallClock;
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "tally-watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private long wallAheadMs;

    /** Looks at nothing until it is started. */
    Watchdog(GroupLease lease, FailStop failStop) {
        this(lease, failStop, System::nanoTime, System::currentTimeMillis);
    }

    /** @param wallClock the one that Kafka's clients go by, in ms */
    Watchdog(GroupLease lease, FailStop failStop, LongSupplier nanoTime, LongSupplier wallClock) {
        this.lease = lease;
        this.failStop = failStop;
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
        this.wallAheadMs = wallAheadMs();
    }

    void start() {
        var unused =
                clock.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks once. For one thread. */
    void look() {
        long before = wallAheadMs;
        wallAheadMs = wallAheadMs();
        if (before - wallAheadMs > MOST_BACK_MS) {
            failStop.stop("the wall clock was set back by " + (before - wallAheadMs) + " ms", null);
        }
        if (!lease.polls()) {
            failStop.stop("a stream thread has not polled for longer than max.poll.interval.ms", null);
        }
    }

    private long wallAheadMs() {
        return wallClock.getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}

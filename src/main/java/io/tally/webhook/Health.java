package io.tally.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint fares, and so how much may be sent to it. One that fails again and again without a success is parked: then only
 * one delivery at a time is tried, after longer and longer pauses, so that it costs nothing. All times are milliseconds since
 * 1970 UTC. For one thread.
 */
final class Health {
    /** First attempts that fail without a success between them; fewer can be single deliveries that the endpoint cannot digest. */
    static final int PARK_AFTER = 10;

    /** Who comes back is noticed within this time, and a request a minute harms nobody. */
    static final long PROBE_PAUSE_MAX_MS = Duration.ofMinutes(1).toMillis();

    private final RetrySchedule schedule;
    private final long since;
    private int failuresInARow;
    private int probes;
    private long failingSince;
    private long heldUntil;
    private long nextProbeAt;

    /**
     * As it was left.
     *
     * @param failingSince what the progress says; one that took nothing is parked until it takes something
     */
    Health(RetrySchedule schedule, long failingSince, long now) {
        this.schedule = schedule;
        this.since = now;
        this.failingSince = failingSince;
        this.failuresInARow = failingSince == 0 ? 0 : PARK_AFTER;
    }

    boolean isParked() {
        return failuresInARow >= PARK_AFTER;
    }

    /** The first failure after which nothing was taken; 0 when the last attempt was taken. */
    long failingSince() {
        return failingSince;
    }

    /** How many more may be sent now. */
    int room(long now, int concurrency, int underWay) {
        if (now < heldUntil) {
            return 0;
        }
        if (isParked()) {
            return underWay == 0 && now >= nextProbeAt ? 1 : 0;
        }
        return concurrency - underWay;
    }

    /** When there will be room by the clock alone. */
    long roomAgainAt() {
        return isParked() ? Math.max(heldUntil, nextProbeAt) : heldUntil;
    }

    void delivered() {
        failuresInARow = 0;
        failingSince = 0;
        nextProbeAt = 0;
        probes = 0;
    }

    /**
     * Counts a failure.
     *
     * @param attemptAt when it was sent
     * @param first whether the delivery was tried for the first time. Those that have failed before say nothing new of the endpoint
     * @param retryAfter what the endpoint asked for; holds everything that goes there
     */
    void failed(long attemptAt, boolean first, long now, @Nullable Duration retryAfter) {
        failuresInARow += first ? 1 : 0;
        if (failingSince == 0) {
            failingSince = attemptAt;
        }
        if (retryAfter != null) {
            heldUntil = Math.max(heldUntil, now + retryAfter.toMillis());
        }
        if (isParked() && now >= nextProbeAt) {
            int wait = Math.min(++probes, schedule.waits().size());
            nextProbeAt = now + Math.min(schedule.waitMillis(wait, 0.5), PROBE_PAUSE_MAX_MS);
        }
    }

    /** Whether it has taken nothing for as long as a delivery is tried. Time in which nobody tried does not count. */
    boolean isHopeless(long now) {
        return isParked() && now - Math.max(since, failingSince) >= schedule.totalMillis();
    }
}

package io.tally.app.load;

import java.time.Duration;

/**
 * How fast outcomes were committed for commands that lay ready.
 *
 * <p>The time runs by the clock of a consumer of committed records, from the first of them to the last: it is what somebody
 * downstream has of it. The records' own times say nothing, since outcomes carry the times of their commands. What came with
 * the first answer of the broker came before the time began, and is not counted.
 *
 * @param records that came, more or fewer than were expected if something is wrong
 * @param counted those in {@code seconds}
 */
public record Drain(long records, long counted, double seconds) {
    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * Waits until so many records have come, or none for a while.
     *
     * @param output stands where the records will come
     * @param patience how long nothing may come
     */
    public static Drain await(CommittedRecords output, long expected, Duration patience) {
        long first = 0;
        long last = System.nanoTime();
        long records = 0;
        long before = 0;
        while (records < expected && System.nanoTime() - last < patience.toNanos()) {
            int count = output.poll(POLL).count();
            if (count == 0) {
                continue;
            }
            last = System.nanoTime();
            if (records == 0) {
                first = last;
                before = count;
            }
            records += count;
        }
        return new Drain(records, records - before, (last - first) / 1e9);
    }

    /** Records a second; NaN when all came at once. */
    public double perSecond() {
        return seconds > 0 ? counted / seconds : Double.NaN;
    }
}

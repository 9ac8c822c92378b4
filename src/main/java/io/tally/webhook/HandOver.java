package io.tally.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker's progress on its way to the topic: the worker hands out one lot of writes at a time, and who writes them says when they
 * are safe. Methods are the worker's, but those that say otherwise.
 */
final class HandOver {
    /**
     * What was delivered since the last write, and what is under way, is delivered again after a crash; a write costs the brokers a
     * transaction.
     */
    private static final Duration WRITE_EVERY = Duration.ofMillis(200);

    /** Or earlier, after this many answers. */
    private static final int WRITE_AFTER_ANSWERS = 32;

    /** Answers that are not written yet: with what is under way, all that a crash can repeat. Nothing more is sent until they are. */
    private static final int MAX_UNWRITTEN_ANSWERS = 256;

    /** @param answers that have come since the lot before */
    private record Lot(List<PendingWrites.Write> writes, int answers) {}

    private static final Lot NONE = new Lot(List.of(), 0);

    private final AtomicInteger written = new AtomicInteger();
    private int handedOut;
    private int answers;
    private long lookedAtNanos = System.nanoTime();
    private volatile Lot lot = NONE;
    private volatile Map<Integer, Long> takenUp;

    /** @param takenUp by partition, the offset up to which outcomes were taken up */
    HandOver(Map<Integer, Long> takenUp) {
        this.takenUp = Map.copyOf(takenUp);
    }

    /** An answer has come. */
    void answered() {
        answers++;
    }

    /** Whether so much is not written that nothing more may be sent. */
    boolean isFull() {
        return answers + lot.answers() >= MAX_UNWRITTEN_ANSWERS;
    }

    /** Whether it is time for the next lot, and the last one is written. If so, the time to the next counts from now. */
    boolean takeDue() {
        long now = System.nanoTime();
        boolean due = now - lookedAtNanos >= WRITE_EVERY.toNanos() || answers >= WRITE_AFTER_ANSWERS;
        if (due && lot.writes().isEmpty()) {
            lookedAtNanos = now;
            return true;
        }
        return false;
    }

    /**
     * The next lot; the last one must be written.
     *
     * @param writes not empty
     * @param offsets by partition, up to where outcomes were taken up
     */
    void handOut(List<PendingWrites.Write> writes, Map<Integer, Long> offsets) {
        takenUp = Map.copyOf(offsets);
        handedOut++;
        lot = new Lot(writes, answers);
        answers = 0;
    }

    /** How many lots there were. */
    int handedOut() {
        return handedOut;
    }

    /** How many of them are safe. */
    int written() {
        return written.get();
    }

    /** What is to be written, all of it in one transaction; {@link #confirm} then. Empty when there is nothing. From the writer's thread. */
    List<PendingWrites.Write> toWrite() {
        return lot.writes();
    }

    /** What {@link #toWrite} gave is safe. From the writer's thread. */
    void confirm() {
        written.incrementAndGet();
        lot = NONE;
    }

    /** The offset up to which a partition was taken up. From any thread. */
    long takenUp(int partition) {
        return takenUp.getOrDefault(partition, 0L);
    }
}

package io.tally.http;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that are on the heap because clients are slow, so that they stay bounded. Thread-safe. */
final class WaitingBytes {
    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    WaitingBytes(long most) {
        this.most = most;
    }

    /** Counts more, or fewer when negative. */
    void add(long more) {
        bytes.addAndGet(more);
    }

    /** Whether nobody should be waited for any more. */
    boolean tooMany() {
        return bytes.get() > most;
    }

    long count() {
        return bytes.get();
    }
}

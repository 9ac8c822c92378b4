package io.tally.store;

import java.util.concurrent.atomic.AtomicLong;

/** How much of the heap the stores of the process may take for filters of uids and for heads of accounts. Thread-safe. */
final class HeapBudget {
    /** Of the heap, for filters of uids: at 768 MiB for some 50 million. */
    private static final int SHARE_OF_FILTERS = 8;

    /** Of the heap, for heads of accounts: at 768 MiB some 1,000,000. */
    private static final int SHARE_OF_HEADS = 4;

    /** What an account and its head take on the heap, in bytes, as they are kept in a map: with a user id of 20 characters. */
    private static final int HEAD_BYTES = 200;

    private final AtomicLong freeForFilters;
    private final AtomicLong freeHeads;

    /** @param heapBytes the heap of which filters and heads take their shares */
    HeapBudget(long heapBytes) {
        this.freeForFilters = new AtomicLong(heapBytes / SHARE_OF_FILTERS);
        this.freeHeads = new AtomicLong(heapBytes / SHARE_OF_HEADS / HEAD_BYTES);
    }

    /** Takes heap for a filter, or none when that would be too much for all of them. */
    boolean reserveFilter(long bytes) {
        return reserve(freeForFilters, bytes);
    }

    void releaseFilter(long bytes) {
        freeForFilters.addAndGet(bytes);
    }

    /** Takes heap for the head of one more account, or none when that would be too much for all of them. */
    boolean reserveHead() {
        return reserve(freeHeads, 1);
    }

    void releaseHeads(long count) {
        freeHeads.addAndGet(count);
    }

    private static boolean reserve(AtomicLong free, long wanted) {
        long left = free.get();
        while (left >= wanted) {
            if (free.compareAndSet(left, left - wanted)) {
                return true;
            }
            left = free.get();
        }
        return false;
    }
}

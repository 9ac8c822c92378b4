package io.tally.store;

import java.util.function.IntPredicate;

/**
 * Where in a batch the entry of a uid is: a hash table with open addressing, as nearly every entry is added and never asked for.
 * A slot has the upper 40 bits of a uid's hash and one more than the entry's place. Not thread-safe.
 */
final class PendingUids {
    private static final int FIRST_BITS = 6;
    private static final int PLACE_BITS = 24;
    private static final long PLACE = (1L << PLACE_BITS) - 1;
    /** A slot has one more. */
    private static final long MAX = PLACE - 1;

    private long[] slots = new long[1 << FIRST_BITS];
    private int bits = FIRST_BITS;
    private int size;

    int size() {
        return size;
    }

    /**
     * Adds the next entry; the first has place 0.
     *
     * @param hash by {@link UidFilter#hash}
     */
    void add(long hash) {
        if (size == MAX) {
            throw new LedgerStoreException("Expected at most " + MAX + " entries in one transaction, but got more");
        }
        if (2 * size >= slots.length) {
            grow();
        }
        size++;
        occupy(hash & ~PLACE | size);
    }

    private void grow() {
        long[] before = slots;
        bits++;
        slots = new long[1 << bits];
        for (long slot : before) {
            if (slot != 0) {
                occupy(slot);
            }
        }
    }

    private void occupy(long slot) {
        int at = home(slot);
        while (slots[at] != 0) {
            at = next(at);
        }
        slots[at] = slot;
    }

    /** The place of the entry with this hash that the predicate says is it; -1 when there is none. */
    int find(long hash, IntPredicate isIt) {
        for (int at = home(hash); slots[at] != 0; at = next(at)) {
            int place = (int) (slots[at] & PLACE) - 1;
            if (((slots[at] ^ hash) & ~PLACE) == 0 && isIt.test(place)) {
                return place;
            }
        }
        return -1;
    }

    private int home(long hash) {
        return (int) (hash >>> Long.SIZE - bits);
    }

    private int next(int at) {
        return at + 1 & slots.length - 1;
    }

    /** Forgets all, and gives back the room: a partition may have no other batch for long. */
    void clear() {
        bits = FIRST_BITS;
        slots = new long[1 << bits];
        size = 0;
    }
}

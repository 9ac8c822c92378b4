package io.tally.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A set of uids that may answer "perhaps" for one that it does not have, and never "no" for one that it has. Not thread-safe;
 * once it is filled, any thread may ask.
 *
 * <p>It consists of split block Bloom filters, as the Parquet format specifies them: a uid is eight bits in one block of 32
 * bytes, so that each filter costs one access to memory, and is wrong about once in 200 times. When one is full, the next is
 * four times as large, up to a bound. All stay within what {@link HeapBudget} allows; beyond it, the answer is "perhaps".
 */
final class UidFilter {
    private static final int LANES = 8;
    private static final int BLOCK_BYTES = LANES * Integer.BYTES;
    /** 12 bits a uid. */
    private static final int UIDS_PER_BLOCK = BLOCK_BYTES * Byte.SIZE / 12;

    private static final int FIRST_BLOCKS = 1 << 12;
    private static final int GROWTH = 4;
    /** 8 MiB, for 5 million: a larger one might not find its place in the bound, nor in one piece of the heap. */
    private static final int MAX_BLOCKS = 1 << 18;

    /** The specification's odd constants: each picks another of a lane's 32 bits. */
    private static final int[] SALTS = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    private final HeapBudget heap;
    private final List<int[]> filters = new ArrayList<>();
    private int[] last = {};
    private int room;
    private long bytes;
    private boolean givenUp;

    UidFilter(HeapBudget heap) {
        this.heap = heap;
    }

    /** Where a uid stands in every filter. Uids are the clients', who may count them up: their bits are mixed. */
    static long hash(UUID uid) {
        return mix(uid.getMostSignificantBits() ^ mix(uid.getLeastSignificantBits()));
    }

    /** Stafford's variant 13 of the MurmurHash3 finalizer. */
    private static long mix(long bits) {
        long once = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        long twice = (once ^ once >>> 27) * 0x94d049bb133111ebL;
        return twice ^ twice >>> 31;
    }

    void add(long hash) {
        if (room == 0 && !givenUp) {
            grow();
        }
        if (givenUp) {
            return;
        }
        room--;
        int block = block(last, hash);
        for (int lane = 0; lane < LANES; lane++) {
            last[block + lane] |= bit(hash, lane);
        }
    }

    private void grow() {
        int blocks = last.length == 0 ? FIRST_BLOCKS : Math.min(last.length / LANES * GROWTH, MAX_BLOCKS);
        long more = (long) blocks * BLOCK_BYTES;
        if (!heap.reserveFilter(more)) {
            giveUp();
            return;
        }
        bytes += more;
        last = new int[blocks * LANES];
        filters.add(last);
        room = blocks * UIDS_PER_BLOCK;
    }

    boolean mayContain(long hash) {
        for (int[] filter : filters) {
            if (contains(filter, hash)) {
                return true;
            }
        }
        return givenUp;
    }

    /** Whether it says "perhaps" to everything. */
    boolean hasGivenUp() {
        return givenUp;
    }

    private static boolean contains(int[] filter, long hash) {
        int block = block(filter, hash);
        for (int lane = 0; lane < LANES; lane++) {
            if ((filter[block + lane] & bit(hash, lane)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int block(int[] filter, long hash) {
        return (int) ((hash >>> Integer.SIZE) * (filter.length / LANES) >>> Integer.SIZE) * LANES;
    }

    private static int bit(long hash, int lane) {
        return 1 << ((int) hash * SALTS[lane] >>> 27);
    }

    /** Gives the memory back. From now on every uid may be there. */
    void giveUp() {
        givenUp = true;
        heap.releaseFilter(bytes);
        bytes = 0;
        filters.clear();
        last = new int[0];
        room = 0;
    }
}

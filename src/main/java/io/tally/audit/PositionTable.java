package io.tally.audit;

/** Positions, each with another one: two numbers for a place, of which at most three quarters are taken. */
final class PositionTable {
    /** What {@link #get} answers for a position that is not there. */
    static final long NONE = 0;

    private static final int OFFSET_BITS = 48;

    private long[] keys = new long[1 << 6];
    private long[] values = new long[1 << 6];
    private int size;

    /** A position as a number other than {@link #NONE}; it is {@link #NONE} when no topic is so large. */
    static long packed(Position position) {
        return position.partition() >= Short.MAX_VALUE || position.offset() >>> OFFSET_BITS != 0
                ? NONE
                : position.partition() + 1L << OFFSET_BITS | position.offset();
    }

    static boolean isSamePartition(long packed, long other) {
        return packed >>> OFFSET_BITS == other >>> OFFSET_BITS;
    }

    long get(Position key) {
        long packed = packed(key);
        return packed == NONE ? NONE : values[place(packed)];
    }

    void put(Position key, Position value) {
        if (size >= keys.length / 4 * 3) {
            grow();
        }
        long packed = packed(key);
        int place = place(packed);
        if (packed != NONE && keys[place] == NONE) {
            keys[place] = packed;
            values[place] = packed(value);
            size++;
        }
    }

    private int place(long packed) {
        int mask = keys.length - 1;
        int place = (int) (packed * 0x9e37_79b9_7f4a_7c15L >>> 32) & mask;
        while (keys[place] != NONE && keys[place] != packed) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }
}

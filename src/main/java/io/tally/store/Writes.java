package io.tally.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * What a batch will hold, all of it of one index. It is written roughly in the order of its keys: neighbours find their place
 * in the memtable faster, and more than roughly would cost more than it brings.
 */
final class Writes {
    /** Takes one of them. */
    interface Sink {
        void put(byte[] key, byte[] value) throws RocksDBException;
    }

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    void add(byte[] key, byte[] value) {
        keys.add(key);
        values.add(value);
    }

    /** Hands everything over. Equal keys keep their order. */
    void putTo(Sink sink) throws RocksDBException {
        for (int write : order()) {
            sink.put(keys.get(write), values.get(write));
        }
    }

    void clear() {
        keys.clear();
        values.clear();
    }

    /** Sorts numbers that begin with the bits in which keys differ first, and end with the write's place. */
    private int[] order() {
        int size = keys.size();
        int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size - 1, 0));
        int skipped = commonPrefix();
        long[] sorted = new long[size];
        for (int i = 0; i < size; i++) {
            // Numbers are sorted signed, keys are not.
            long start = eightBytes(keys.get(i), skipped) ^ Long.MIN_VALUE;
            sorted[i] = start >> placeBits << placeBits | i;
        }
        Arrays.sort(sorted);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) (sorted[i] & (1L << placeBits) - 1);
        }
        return order;
    }

    private int commonPrefix() {
        if (keys.isEmpty()) {
            return 0;
        }
        byte[] first = keys.get(0);
        int length = first.length;
        for (byte[] key : keys) {
            int differs = Arrays.mismatch(first, 0, length, key, 0, Math.min(length, key.length));
            length = differs < 0 ? Math.min(length, key.length) : differs;
        }
        return length;
    }

    private static long eightBytes(byte[] key, int from) {
        long bytes = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            bytes = bytes << Byte.SIZE | (i < key.length ? key[i] & 0xff : 0);
        }
        return bytes;
    }
}

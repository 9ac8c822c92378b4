package io.tally.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a batch will hold, all of it of one index, in the form that RocksDB's batches have. It is written roughly in the order of
 * its keys: neighbours find their place in the memtable faster, and more than roughly would cost more than it brings.
 *
 * <p>Records stand one behind the other in a few arrays: as objects of their own, tens of thousands would be carried along by
 * the collector, and be scattered over the heap when they are written.
 */
final class Writes {
    /** Well below half of the collector's smallest region: larger arrays would be kept apart from all others. */
    private static final int MAX_CHUNK_BITS = 15;

    private static final int MAX_CHUNK = 1 << MAX_CHUNK_BITS;
    /** Most batches are small, and there may be a thousand partitions. */
    private static final int FIRST_CHUNK = 512;

    private final List<byte[]> chunks = new ArrayList<>();
    private int end;
    /** Of each record, its chunk and where it begins there. */
    private int[] starts = {};

    private int size;
    private int bytes;

    void add(byte[] key, byte[] value) {
        int length = BatchFormat.putBytes(key.length, value.length);
        byte[] chunk = chunkFor(length);
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, Math.max(16, 2 * size));
        }
        starts[size++] = chunks.size() - 1 << MAX_CHUNK_BITS | end;
        BatchFormat.put(key, value, chunk, end);
        end += length;
        bytes = Math.addExact(bytes, length);
    }

    private byte[] chunkFor(int length) {
        byte[] last = chunks.isEmpty() ? new byte[0] : chunks.get(chunks.size() - 1);
        if (end + length <= last.length) {
            return last;
        }
        byte[] next = new byte[Math.max(length, Math.min(MAX_CHUNK, Math.max(FIRST_CHUNK, 2 * last.length)))];
        chunks.add(next);
        end = 0;
        return next;
    }

    int size() {
        return size;
    }

    /** How many bytes all records take. */
    int bytes() {
        return bytes;
    }

    boolean hasKey(int index, byte[] key) {
        byte[] chunk = chunk(index);
        int from = BatchFormat.keyStart(chunk, start(index));
        int to = BatchFormat.keyEnd(chunk, start(index));
        return Arrays.equals(chunk, from, to, key, 0, key.length);
    }

    byte[] key(int index) {
        byte[] chunk = chunk(index);
        return Arrays.copyOfRange(
                chunk, BatchFormat.keyStart(chunk, start(index)), BatchFormat.keyEnd(chunk, start(index)));
    }

    byte[] value(int index) {
        return BatchFormat.value(chunk(index), start(index));
    }

    /**
     * Copies all records. Equal keys keep their order.
     *
     * @return where the target goes on behind them
     */
    int copyTo(byte[] target, int from) {
        int at = from;
        for (int index : order()) {
            byte[] chunk = chunk(index);
            int length = BatchFormat.recordBytes(chunk, start(index));
            System.arraycopy(chunk, start(index), target, at, length);
            at += length;
        }
        return at;
    }

    void clear() {
        chunks.clear();
        starts = new int[] {};
        end = 0;
        size = 0;
        bytes = 0;
    }

    /** Sorts numbers that begin with the bits in which keys differ first, and end with the record's place. */
    private int[] order() {
        int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size - 1, 0));
        int skipped = commonPrefix();
        long[] sorted = new long[size];
        for (int i = 0; i < size; i++) {
            // Numbers are sorted signed, keys are not.
            long start = eightBytes(i, skipped) ^ Long.MIN_VALUE;
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
        if (size == 0) {
            return 0;
        }
        byte[] first = key(0);
        int length = first.length;
        for (int i = 1; i < size; i++) {
            byte[] chunk = chunk(i);
            int from = BatchFormat.keyStart(chunk, start(i));
            int to = Math.min(from + length, BatchFormat.keyEnd(chunk, start(i)));
            int differs = Arrays.mismatch(first, 0, length, chunk, from, to);
            length = differs < 0 ? to - from : differs;
        }
        return length;
    }

    private long eightBytes(int index, int skipped) {
        byte[] chunk = chunk(index);
        int from = BatchFormat.keyStart(chunk, start(index));
        int to = BatchFormat.keyEnd(chunk, start(index));
        long eight = 0;
        for (int i = from + skipped; i < from + skipped + Long.BYTES; i++) {
            eight = eight << Byte.SIZE | (i < to ? chunk[i] & 0xff : 0);
        }
        return eight;
    }

    private byte[] chunk(int index) {
        return chunks.get(starts[index] >>> MAX_CHUNK_BITS);
    }

    private int start(int index) {
        return starts[index] & MAX_CHUNK - 1;
    }
}

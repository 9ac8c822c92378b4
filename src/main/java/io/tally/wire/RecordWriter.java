package io.tally.wire;

import java.util.Arrays;

/** Writes the parts of a stored record; {@link RecordReader} reads them back. */
final class RecordWriter {
    private byte[] bytes;
    private int length;

    RecordWriter() {
        this(64);
    }

    /** @param capacity how many bytes there is room for before it grows */
    RecordWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** One byte, 0 to 255. */
    void octet(int value) {
        makeRoomFor(1);
        bytes[length++] = (byte) value;
    }

    /** A number that is mostly small and not negative: seven bits a byte, the lowest first, 1 to 10 bytes. */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /** A number that is mostly small and of either sign: 0, -1, 1, -2 … are written as 0, 1, 2, 3 … */
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    /** Bytes with their count in front. */
    void counted(byte[] content) {
        number(content.length);
        append(content, content.length);
    }

    /** What another one has so far. */
    void all(RecordWriter other) {
        append(other.bytes, other.length);
    }

    private void append(byte[] content, int count) {
        makeRoomFor(count);
        System.arraycopy(content, 0, bytes, length, count);
        length += count;
    }

    /** How many bytes were written. */
    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void makeRoomFor(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, length * 2));
        }
    }
}

package io.tally.wire;

import java.util.Arrays;

/** Writes the parts of a stored record; {@link RecordReader} reads them back. */
final class RecordWriter {
    private byte[] bytes = new byte[64];
    private int length;

    /** One byte, 0 to 255. */
    void octet(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
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
        for (byte b : content) {
            octet(b);
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}

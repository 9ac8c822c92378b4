package io.tally.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link RecordWriter} wrote. Whatever the bytes are, it stays within them or throws. */
final class RecordReader {
    private final byte[] bytes;
    private int at;

    RecordReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Skips a version byte. */
    void version(int expected) {
        int version = octet();
        if (version != expected) {
            throw new IllegalArgumentException("Expected a record of version " + expected + ", but got " + version);
        }
    }

    int octet() {
        if (at == bytes.length) {
            throw new IllegalArgumentException("Expected more than " + at + " bytes, but the record ends");
        }
        return bytes[at++] & 0xFF;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "Expected a number of at most 64 bits before byte " + at + ", but it is longer");
    }

    int smallNumber() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Expected a number from 0 to 2^31 - 1, but got " + value);
        }
        return (int) value;
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    /** Bytes with their count in front. */
    byte[] counted() {
        int count = count();
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    private int count() {
        int count = smallNumber();
        if (count > bytes.length - at) {
            throw new IllegalArgumentException(
                    "Expected " + count + " more bytes, but only " + (bytes.length - at) + " are left");
        }
        return count;
    }

    /** Text in UTF-8 with its length in bytes in front. */
    String text() {
        int count = count();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, count))
                    .toString();
            at += count;
            return text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Expected text in UTF-8, but it is not", e);
        }
    }

    /** Makes sure that everything was read. */
    void end() {
        if (at != bytes.length) {
            throw new IllegalArgumentException("Expected a record of " + at + " bytes, but got " + bytes.length);
        }
    }
}

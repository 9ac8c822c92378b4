package io.tally.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** ASCII text under construction, of bounded length: beyond the capacity it throws. */
final class AsciiBuffer {
    private static final byte[] HEX_DIGITS = ascii("0123456789abcdef");

    private final byte[] bytes;
    private int length;

    AsciiBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void put(char c) {
        bytes[length++] = (byte) c;
    }

    void put(byte[] ascii) {
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    /** Appends text that is known to be ASCII. */
    void put(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    void integer(long value) {
        decimal(value, 0);
    }

    /** Appends value / 10^fraction in plain notation, with exactly that many digits after the point. */
    void decimal(long value, int fraction) {
        if (value < 0) {
            put('-');
        }
        int digits = Math.max(digits(value), fraction + 1);
        length += fraction > 0 ? digits + 1 : digits;
        int at = length;
        // Remainders keep the value's sign, so the smallest long needs no case of its own.
        long rest = value;
        for (int i = 0; i < digits; i++) {
            if (i == fraction && fraction > 0) {
                bytes[--at] = '.';
            }
            bytes[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        }
    }

    /** Appends the lowest digits of a number from 0, with zeros in front. */
    void padded(int value, int digits) {
        length += digits;
        int rest = value;
        for (int at = length - 1; at >= length - digits; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Appends the lowest hexadecimal digits, in lower case. */
    void hex(long value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX_DIGITS[(int) (value >>> shift) & 0xF];
        }
    }

    /** The text's bytes. They are the buffer's own when it is full: nothing more may be done with it then. */
    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}

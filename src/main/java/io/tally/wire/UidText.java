package io.tally.wire;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The form of uids. {@link UUID#fromString} takes shorter groups as well, so that one uid would have many forms. */
public final class UidText {
    static final int LENGTH = 36;

    private UidText() {}

    /** Reads exactly 8-4-4-4-12 hexadecimal digits of either case; null when the text has another form. */
    public static @Nullable UUID parse(String text) {
        if (text.length() != LENGTH) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = hexDigit(c);
            if (digit < 0) {
                return null;
            }
            if (i < 18) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        return new UUID(high, low);
    }

    /** Appends the one form that Tally writes, in lower case. */
    static void append(AsciiBuffer text, UUID uid) {
        long high = uid.getMostSignificantBits();
        long low = uid.getLeastSignificantBits();
        text.hex(high >>> 32, 8);
        text.put('-');
        text.hex(high >>> 16, 4);
        text.put('-');
        text.hex(high, 4);
        text.put('-');
        text.hex(low >>> 48, 4);
        text.put('-');
        text.hex(low, 12);
    }

    /** The value of an ASCII hexadecimal digit, or -1; {@link Character#digit} takes digits of all scripts. */
    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}

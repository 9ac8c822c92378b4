package io.tally.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Which trace headers may travel from a command to its outcome: those of the form of W3C Trace Context Level 2. */
public final class TraceContext {
    /** The header that says which trace, of Kafka's records and of HTTP. */
    public static final String PARENT = "traceparent";

    /** The header with what vendors add to it; it means nothing without the other. */
    public static final String STATE = "tracestate";

    /** The longest header that travels on, in bytes. */
    public static final int MAX_BYTES = 512;

    private static final int MAX_MEMBERS = 32;
    private static final int PARENT_LENGTH = 55;
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}");
    private static final Pattern VALUE =
            Pattern.compile("[\\x20-\\x2B\\x2D-\\x3C\\x3E-\\x7E]{0,255}" + "[\\x21-\\x2B\\x2D-\\x3C\\x3E-\\x7E]");

    private TraceContext() {}

    /** Version, trace id, parent id and flags in lower-case hexadecimal digits; ids of zeros mean nothing. */
    public static boolean isValidTraceparent(byte[] header) {
        if (header.length < PARENT_LENGTH || header.length > MAX_BYTES) {
            return false;
        }
        boolean parts = isHex(header, 0, 2)
                && header[2] == '-'
                && isHex(header, 3, 35)
                && header[35] == '-'
                && isHex(header, 36, 52)
                && header[52] == '-'
                && isHex(header, 53, 55);
        if (!parts || isAll('0', header, 3, 35) || isAll('0', header, 36, 52) || isAll('f', header, 0, 2)) {
            return false;
        }
        // Later versions may add parts, version 00 may not.
        return header.length == PARENT_LENGTH
                || header[PARENT_LENGTH] == '-' && !isAll('0', header, 0, 2) && isPrintable(header, PARENT_LENGTH);
    }

    /** Up to 32 members {@code key=value} with commas between, no key twice; members may be empty. */
    public static boolean isValidTracestate(byte[] header) {
        if (header.length > MAX_BYTES) {
            return false;
        }
        String[] members = new String(header, StandardCharsets.ISO_8859_1).split(",", -1);
        Set<String> keys = new HashSet<>();
        for (String member : members) {
            String pair = withoutBlanks(member);
            if (!pair.isEmpty() && !isMember(pair, keys)) {
                return false;
            }
        }
        return members.length <= MAX_MEMBERS;
    }

    private static boolean isMember(String pair, Set<String> keys) {
        int equals = pair.indexOf('=');
        return equals > 0
                && KEY.matcher(pair.substring(0, equals)).matches()
                && VALUE.matcher(pair.substring(equals + 1)).matches()
                && keys.add(pair.substring(0, equals));
    }

    /** Strips what the grammar calls OWS: blanks and tabs, and nothing else. */
    private static String withoutBlanks(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isHex(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            boolean hex = bytes[i] >= '0' && bytes[i] <= '9' || bytes[i] >= 'a' && bytes[i] <= 'f';
            if (!hex) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] <= ' ' || bytes[i] > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAll(char c, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != c) {
                return false;
            }
        }
        return true;
    }
}

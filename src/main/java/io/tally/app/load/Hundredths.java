package io.tally.app.load;

/** Amounts with two digits, as numbers of hundredths and as they are written. */
public final class Hundredths {
    private static final int IN_ONE = 100;

    private Hundredths() {}

    /** As in {@code 10.05}; of numbers from 0 on. */
    static String text(long hundredths) {
        long rest = hundredths % IN_ONE;
        return hundredths / IN_ONE + (rest < 10 ? ".0" : ".") + rest;
    }

    /**
     * Reads {@code -10.05} and the like.
     *
     * @throws IllegalArgumentException if there are not two digits behind the point
     */
    public static long of(String text) {
        int point = text.length() - 3;
        if (point < 1 || text.charAt(point) != '.') {
            throw new IllegalArgumentException("Expected an amount with two digits behind the point, but got " + text);
        }
        return Long.parseLong(text.substring(0, point) + text.substring(point + 1));
    }
}

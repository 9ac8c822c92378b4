package io.tally.wire;

import io.tally.ledger.Command;
import java.time.LocalDate;

/**
 * Times as text: ISO 8601 outside, milliseconds since 1970 UTC inside, for the years 1970 to 9999. There are no leap
 * seconds.
 */
public final class TimestampText {
    /** Not a time, or outside the years 1970 to 9999. */
    public static final long INVALID = -1;

    private static final long DAY_MILLIS = 86_400_000L;
    static final int TEXT_LENGTH = "1970-01-01T00:00:00.000Z".length();

    private TimestampText() {}

    /** The time itself, or 0 when it is outside the years 1970 to 9999, as record times can be. */
    public static long inRange(long millis) {
        return millis >= 0 && millis <= Command.MAX_TIMESTAMP ? millis : 0;
    }

    /**
     * Reads {@code 2026-01-31} (its first instant, UTC) or {@code 2026-01-31T10:00[:00[.1 to 9 digits]]} followed by
     * nothing (UTC), {@code Z}, or an offset {@code +02:00}, {@code +0200} or {@code +02}. T and Z may be lower case,
     * as RFC 3339 allows. What is finer than a millisecond is cut off.
     *
     * @return milliseconds since 1970 UTC, or {@link #INVALID}
     */
    public static long parse(String text) {
        return new TimestampParser(text).millis();
    }

    /** Writes {@code 2026-11-23T10:00:00.000Z}; a time outside the years 1970 to 9999 is written as 1970's start. */
    public static String format(long millis) {
        AsciiBuffer text = new AsciiBuffer(TEXT_LENGTH);
        append(text, millis);
        return text.toString();
    }

    static void append(AsciiBuffer text, long millis) {
        long bounded = inRange(millis);
        LocalDate date = LocalDate.ofEpochDay(bounded / DAY_MILLIS);
        int time = (int) (bounded % DAY_MILLIS);
        text.padded(date.getYear(), 4);
        text.put('-');
        text.padded(date.getMonthValue(), 2);
        text.put('-');
        text.padded(date.getDayOfMonth(), 2);
        text.put('T');
        text.padded(time / 3_600_000, 2);
        text.put(':');
        text.padded(time / 60_000 % 60, 2);
        text.put(':');
        text.padded(time / 1_000 % 60, 2);
        text.put('.');
        text.padded(time % 1_000, 3);
        text.put('Z');
    }
}

package io.tally.wire;

import io.tally.ledger.Command;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/** Reads one time; see {@link TimestampText#parse}. Unlike {@code java.time} it throws nothing: bad input is common. */
final class TimestampParser {
    private static final int MAX_FRACTION_DIGITS = 9;

    private final String text;
    private int at;
    private boolean broken;

    TimestampParser(String text) {
        this.text = text;
    }

    long millis() {
        int year = number(4, 0, 9999);
        expect('-');
        int month = number(2, 1, 12);
        expect('-');
        int day = number(2, 1, 31);
        if (broken || day > Month.of(month).length(Year.isLeap(year))) {
            return TimestampText.INVALID;
        }
        long millis = LocalDate.of(year, month, day).toEpochDay() * 86_400_000L;
        if (at < text.length()) {
            millis += timeOfDay();
            millis -= offset();
        }
        boolean valid = !broken && at == text.length() && millis >= 0 && millis <= Command.MAX_TIMESTAMP;
        return valid ? millis : TimestampText.INVALID;
    }

    private long timeOfDay() {
        if (!skip('t')) {
            expect('T');
        }
        long minutes = number(2, 0, 23) * 60L;
        expect(':');
        minutes += number(2, 0, 59);
        if (!skip(':')) {
            return minutes * 60_000;
        }
        long seconds = minutes * 60 + number(2, 0, 59);
        return seconds * 1_000 + (skip('.') ? fractionMillis() : 0);
    }

    private int fractionMillis() {
        int start = at;
        int millis = 0;
        for (int unit = 100; at < text.length() && isDigit(text.charAt(at)); unit /= 10) {
            millis += (text.charAt(at) - '0') * unit;
            at++;
        }
        broken |= at == start || at - start > MAX_FRACTION_DIGITS;
        return millis;
    }

    /** The offset from UTC in milliseconds, 0 when there is none. */
    private long offset() {
        if (at == text.length() || skip('Z') || skip('z')) {
            return 0;
        }
        int sign = skip('-') ? -1 : 1;
        if (sign > 0) {
            expect('+');
        }
        long minutes = number(2, 0, 23) * 60L;
        if (at < text.length()) {
            skip(':');
            minutes += number(2, 0, 59);
        }
        return sign * minutes * 60_000;
    }

    /** Reads exactly so many digits with a value in this range; what is otherwise counts as broken. */
    private int number(int digits, int min, int max) {
        int value = 0;
        for (int end = at + digits; at < end; at++) {
            if (broken || at >= text.length() || !isDigit(text.charAt(at))) {
                broken = true;
                return min;
            }
            value = value * 10 + text.charAt(at) - '0';
        }
        broken |= value < min || value > max;
        return value;
    }

    private void expect(char c) {
        broken |= !skip(c);
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

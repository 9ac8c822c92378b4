package io.tally.audit;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as the contract writes them: ISO 8601, no offset means UTC, years 1970 to 9999, cut to milliseconds. */
final class EffectiveTime {
    /** No time within the bounds. */
    static final long NONE = -1;

    private static final long LAST = 253_402_300_799_999L;
    private static final long DAY = 86_400_000;
    private static final Pattern FORM = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})"
            + "([Tt]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.]([0-9]{1,9}))?)?"
            + "(?:[Zz]|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?)?");

    private EffectiveTime() {}

    /** Milliseconds since 1970 UTC, or {@link #NONE}. A bare date is its first instant. */
    static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return NONE;
        }
        long millis;
        try {
            millis = DAY
                    * LocalDate.of(number(form, 1), number(form, 2), number(form, 3))
                            .toEpochDay();
        } catch (DateTimeException e) {
            return NONE;
        }
        long minutes = number(form, 5) * 60L + number(form, 6);
        millis += (minutes * 60 + number(form, 7)) * 1_000;
        if (form.group(8) != null) {
            millis += Integer.parseInt((form.group(8) + "00").substring(0, 3));
        }
        long offset = (number(form, 10) * 60L + number(form, 11)) * 60_000;
        millis += "-".equals(form.group(9)) ? offset : -offset;
        return millis < 0 || millis > LAST ? NONE : millis;
    }

    private static int number(Matcher form, int group) {
        return form.group(group) == null ? 0 : Integer.parseInt(form.group(group));
    }

    /** A record's time as it counts: one outside the bounds is 1970. */
    static long ofRecord(long timestamp) {
        return timestamp < 0 || timestamp > LAST ? 0 : timestamp;
    }

    /** As outcomes write it: {@code 2026-01-31T10:00:00.000Z}. */
    static String format(long millis) {
        int time = (int) (millis % DAY);
        StringBuilder text = new StringBuilder(24).append(LocalDate.ofEpochDay(millis / DAY));
        digits(text.append('T'), time / 3_600_000, 2);
        digits(text.append(':'), time / 60_000 % 60, 2);
        digits(text.append(':'), time / 1_000 % 60, 2);
        digits(text.append('.'), time % 1_000, 3);
        return text.append('Z').toString();
    }

    private static void digits(StringBuilder text, int number, int count) {
        if (count > 1) {
            digits(text, number / 10, count - 1);
        }
        text.append((char) ('0' + number % 10));
    }
}

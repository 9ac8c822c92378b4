package io.tally.proof;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** Times as the contract writes them: ISO 8601, no offset means UTC, years 1970 to 9999, cut to milliseconds. */
final class EffectiveTime {
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final DateTimeFormatter IN = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter OUT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EffectiveTime() {}

    /** Milliseconds since 1970 UTC, or null when it is no time within the bounds. A bare date is its first instant. */
    static @Nullable Long parse(String text) {
        try {
            TemporalAccessor parsed = IN.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            long millis = instant(parsed).toEpochMilli();
            return millis < 0 || millis > LAST ? null : (Long) millis;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    static String format(long millis) {
        return OUT.format(Instant.ofEpochMilli(millis));
    }

    /** A record's time as it counts: one outside the bounds is 1970. */
    static long ofRecord(long timestamp) {
        return timestamp < 0 || timestamp > LAST ? 0 : timestamp;
    }

    private static Instant instant(TemporalAccessor parsed) {
        if (parsed instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        return parsed instanceof LocalDateTime time
                ? time.toInstant(ZoneOffset.UTC)
                : ((LocalDate) parsed).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}

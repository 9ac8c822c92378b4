package io.tally.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpDateTime;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} field (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
    /** Nobody holds deliveries up for longer than this. */
    static final Duration LONGEST = Duration.ofHours(24);

    private RetryAfter() {}

    /** How long to wait, at most {@link #LONGEST}; null when the value is missing or senseless. */
    static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = value.trim();
        if (text.chars().allMatch(character -> character >= '0' && character <= '9')) {
            boolean tooMany =
                    text.length() > String.valueOf(LONGEST.toSeconds()).length();
            return tooMany ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            return bounded(Duration.between(now, HttpDateTime.parse(text).toInstant()));
        } catch (DateTimeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Duration bounded(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}

package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "1 | PT1S",
                " 120 | PT2M",
                "86399 | PT23H59M59S",
                "86400 | PT24H",
                "86401 | PT24H",
                "99999 | PT24H",
                "100000 | PT24H",
                "99999999999999999999999999 | PT24H",
                "Thu, 26 Nov 2026 10:00:07 GMT | PT7S",
                "Thursday, 26-Nov-26 10:00:07 GMT | PT7S",
                "Thu Nov 26 10:00:07 2026 | PT7S",
                "Thu, 26 Nov 2026 09:59:59 GMT | PT0S",
                "Fri, 27 Nov 2026 10:00:00 GMT | PT24H",
                "Fri, 27 Nov 2026 10:00:01 GMT | PT24H",
                "Mon, 01 Jan 2999 00:00:00 GMT | PT24H"
            })
    void shouldHearHowLongToWait(String value, Duration expected) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+5",
                "1.5",
                "5s",
                "soon",
                "٥",
                "1, 2",
                "2026-11-26T10:00:07Z",
                "Thu, 99 Nov 2026 10:00:07 GMT",
                "Thu, 26 Nov",
                "Thu, 26 Nov 999999999999 10:00:07 GMT"
            })
    void shouldIgnoreWhatMakesNoSense(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isNull();
    }
}

package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Command;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTextTest {
    @ParameterizedTest
    @CsvSource({
        "1970-01-01, 1970-01-01T00:00:00Z",
        "2024-01-31, 2024-01-31T00:00:00Z",
        "2024-02-29, 2024-02-29T00:00:00Z",
        "2000-02-29, 2000-02-29T00:00:00Z",
        "2024-01-31T10:20, 2024-01-31T10:20:00Z",
        "2024-01-31t10:20:30z, 2024-01-31T10:20:30Z",
        "2024-01-31T10:20:30, 2024-01-31T10:20:30Z",
        "2024-01-31T10:20Z, 2024-01-31T10:20:00Z",
        "2024-01-31T10:20+02, 2024-01-31T08:20:00Z",
        "2024-01-31T10:20:30.1Z, 2024-01-31T10:20:30.1Z",
        "2024-01-31T10:20:30.12Z, 2024-01-31T10:20:30.12Z",
        "2024-01-31T10:20:30.123999999Z, 2024-01-31T10:20:30.123Z",
        "2024-01-31T10:20:30.0009-0000, 2024-01-31T10:20:30Z",
        "2024-01-31T23:59:59.999-23:59, 2024-02-01T23:58:59.999Z",
        "2024-01-31T10:20:30+0530, 2024-01-31T04:50:30Z",
        "1969-12-31T23:00:00-01:00, 1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999Z",
        "9999-12-31, 9999-12-31T00:00:00Z",
    })
    void shouldReadIso8601(String text, Instant instant) {
        assertThat(TimestampText.parse(text)).isEqualTo(instant.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024",
                "2024-01",
                "2024-1-31",
                "2024-01-3",
                "20240131",
                "2024-01-31 10:00",
                "2024-01-31T",
                "2024-01-31Z",
                "2024-01-31T10",
                "2024-01-31T10Z",
                "2024-01-31T1020",
                "2024-01-31T10:2",
                "2024-01-31T10:20:",
                "2024-01-31T10:20:3",
                "2024-01-31T10:20:30.",
                "2024-01-31T10:20:30.Z",
                "2024-01-31T10:20:30,5Z",
                "2024-01-31T10:20:30.1234567890Z",
                "2024-01-31T10:20.5Z",
                "2024-01-31T10:20:60Z",
                "2024-01-31T24:00:00Z",
                "2024-01-31T10:60:00Z",
                "2024-01-31T10:20:30+",
                "2024-01-31T10:20:30+1",
                "2024-01-31T10:20:30+24:00",
                "2024-01-31T10:20:30+02:60",
                "2024-01-31T10:20:30+02:",
                "2024-01-31T10:20:30+02:0",
                "2024-01-31T10:20:30+02:000",
                "2024-01-31T10:20:30ZZ",
                "2024-01-31T10:20:30Z ",
                " 2024-01-31",
                "2024-01-31T10:20:30 +02:00",
                "2024-01-31T10:20:30+2:00",
                "2023-02-29",
                "1900-02-29",
                "2100-02-29",
                "2024-02-30",
                "2024-04-31",
                "2024-00-10",
                "2024-13-10",
                "2024-01-00",
                "2024-01-32",
                "-2024-01-01",
                "+2024-01-01",
                "10000-01-01",
                "0000-01-01",
                "1969-12-31",
                "1969-12-31T23:59:59.999Z",
                "1970-01-01T00:59:59.999+01:00",
                "9999-12-31T23:00:00-01:00",
                "٢٠٢٤-٠١-٣١",
                "2024-W05-3",
                "2024-031",
                "1706695230",
                "2024-01-31T10:20:30UTC",
                "2024-01-31T10:20:30[UTC]",
                "now"
            })
    void shouldRefuseEverythingElse(String text) {
        assertThat(TimestampText.parse(text)).isEqualTo(TimestampText.INVALID);
    }

    @Test
    void shouldAcceptExactlyTheDaysOfTheCalendar() {
        for (int year = 1970; year <= 9999; year += year < 2110 ? 1 : 97) {
            for (int month = 1; month <= 12; month++) {
                int length = LocalDate.of(year, month, 1).lengthOfMonth();
                for (int day = 1; day <= 31; day++) {
                    String text = "%04d-%02d-%02d".formatted(year, month, day);
                    long expected = day > length
                            ? TimestampText.INVALID
                            : LocalDate.of(year, month, day).toEpochDay() * 86_400_000L;
                    assertThat(TimestampText.parse(text)).as(text).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void shouldReadWhatItWroteAndAgreeWithJavaTime() {
        long seed = System.nanoTime();
        System.out.println("TimestampTextTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            // Given
            long millis = random.nextLong(Command.MAX_TIMESTAMP + 1) >> random.nextInt(20);

            // When
            String text = TimestampText.format(millis);

            // Then
            assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
            assertThat(text).hasSize(24);
            assertThat(TimestampText.parse(text)).isEqualTo(millis);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Command.MAX_TIMESTAMP + 1, 0})
    void shouldCountTimesOutsideTheRangeAsZero(long millis) {
        assertThat(TimestampText.inRange(millis)).isZero();
        assertThat(TimestampText.format(millis)).isEqualTo("1970-01-01T00:00:00.000Z");
    }

    @Test
    void shouldKeepTimesInTheRange() {
        assertThat(TimestampText.inRange(Command.MAX_TIMESTAMP)).isEqualTo(Command.MAX_TIMESTAMP);
        assertThat(TimestampText.format(Command.MAX_TIMESTAMP)).isEqualTo("9999-12-31T23:59:59.999Z");
    }
}

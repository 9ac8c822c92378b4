package io.tally.app.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HundredthsTest {
    @ParameterizedTest
    @CsvSource({"0, 0.00", "1, 0.01", "10, 0.10", "99, 0.99", "100, 1.00", "10005, 100.05"})
    void shouldWriteAndRead(long hundredths, String text) {
        assertThat(Hundredths.text(hundredths)).isEqualTo(text);
        assertThat(Hundredths.of(text)).isEqualTo(hundredths);
    }

    @Test
    void shouldReadWhatWasTaken() {
        assertThat(Hundredths.of("-0.05")).isEqualTo(-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", ".05", "0.5", "0.005", "x.00"})
    void shouldRefuseOtherTexts(String text) {
        assertThatThrownBy(() -> Hundredths.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

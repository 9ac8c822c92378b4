package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Money;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 2, 0",
        "0.00, 2, 0",
        "0.5, 2, 50",
        "0.01, 2, 1",
        "10, 2, 1000",
        "10.5, 2, 1050",
        "10.50, 2, 1050",
        "10.5000000000000000000000000000000000000, 2, 1050",
        "10, 0, 10",
        "10.000, 0, 10",
        "1.2345, 4, 12345",
        "100, 3, 100000",
        "9999999999999.99, 2, 999999999999999",
        "999999999999999, 0, 999999999999999",
    })
    void shouldReadPlainNotation(String text, int digits, long minorUnits) {
        assertThat(MoneyText.parse(text, digits)).isEqualTo(minorUnits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "1.",
                ".5",
                "-1",
                "+1",
                "1e3",
                "1E3",
                "01",
                "00",
                "00.5",
                "1,5",
                "1.5.0",
                "1 ",
                " 1",
                "0x1",
                "NaN",
                "١",
                "1_000",
                "1.e",
                "1.-5",
                "10000000000000000000000x",
                "\u0000",
                "1\n",
                "$1"
            })
    void shouldRefuseOtherNotations(String text) {
        assertThat(MoneyText.parse(text, 2)).isEqualTo(MoneyText.NOT_PLAIN);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 2", "1.5, 0", "1.23456, 4", "1.0010, 2", "99999999999999999999.001, 2"})
    void shouldRefuseMoreDigitsThanTheCurrencyHas(String text, int digits) {
        assertThat(MoneyText.parse(text, digits)).isEqualTo(MoneyText.TOO_PRECISE);
    }

    @ParameterizedTest
    @CsvSource({
        "10000000000000.00, 2",
        "1000000000000000, 0",
        "18446744073709551617, 2",
        "99999999999999999999999999, 0"
    })
    void shouldRefuseMoreThanTheLargestAmount(String text, int digits) {
        assertThat(MoneyText.parse(text, digits)).isEqualTo(MoneyText.TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, 0.00",
        "0, 0, 0",
        "1050, 2, 10.50",
        "-1050, 2, -10.50",
        "5, 2, 0.05",
        "-5, 2, -0.05",
        "10, 0, 10",
        "1, 4, 0.0001",
        "999999999999999999, 2, 9999999999999999.99",
        "9223372036854775807, 0, 9223372036854775807",
        "-9223372036854775808, 4, -922337203685477.5808",
    })
    void shouldWriteExactlyTheCurrencysDigits(long minorUnits, int digits, String text) {
        assertThat(MoneyText.format(minorUnits, digits)).isEqualTo(text);
    }

    @Test
    void shouldReadWhatItWroteAndAgreeWithBigDecimal() {
        long seed = System.nanoTime();
        System.out.println("MoneyTextTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            // Given
            int digits = random.nextInt(5);
            long amount = random.nextLong(Money.MAX_AMOUNT + 1) >> random.nextInt(50);

            // When
            String text = MoneyText.format(amount, digits);

            // Then
            assertThat(text).isEqualTo(BigDecimal.valueOf(amount, digits).toPlainString());
            assertThat(MoneyText.parse(text, digits)).isEqualTo(amount);
        }
    }
}

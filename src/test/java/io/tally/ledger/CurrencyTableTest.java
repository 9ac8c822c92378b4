package io.tally.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurrencyTableTest {
    @Test
    void shouldReadVersionAndDigits() {
        // When
        CurrencyTable table = CurrencyTable.parse("version,2026-01\nUSD,2\nJPY,0\nCLF,4\n");

        // Then
        assertThat(table).isEqualTo(new CurrencyTable("2026-01", Map.of("USD", 2, "JPY", 0, "CLF", 4)));
    }

    @Test
    void shouldKnowOnlyItsOwnCurrencies() {
        // Given
        CurrencyTable table = CurrencyTable.parse("version,1\nUSD,2");

        // Then
        assertThat(table.digits("USD")).isEqualTo(2);
        assertThat(table.digits("EUR")).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.decimal(1, "EUR"))
                .withMessageContaining("EUR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"USD", "USD,2,3", "usd,2", "US,2", "USDX,2", "USD,-1", "USD,5", "USD,x", "USD,", ""})
    void shouldRefuseOtherLines(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> CurrencyTable.parse("version,1\n" + line + "\nEUR,2"));
    }

    @Test
    void shouldGiveMinorUnitsAsADecimal() {
        // Given
        CurrencyTable table = CurrencyTable.parse("version,1\nUSD,2\nJPY,0\nCLF,4");

        // Then
        assertThat(table.decimal(150, "USD")).isEqualTo(new BigDecimal("1.50"));
        assertThat(table.decimal(150, "JPY")).isEqualTo(new BigDecimal("150"));
        assertThat(table.decimal(150, "CLF")).isEqualTo(new BigDecimal("0.0150"));
        assertThat(table.decimal(-1, "USD")).isEqualTo(new BigDecimal("-0.01"));
        assertThat(table.decimal(0, "USD").toPlainString()).isEqualTo("0.00");
    }

    @Test
    void shouldNotFollowLaterChangesOfItsMap() {
        // Given
        Map<String, Integer> digits = new HashMap<>(Map.of("USD", 2));
        CurrencyTable table = new CurrencyTable("1", digits);

        // When
        digits.put("EUR", 2);

        // Then
        assertThat(table.digits("EUR")).isNull();
    }
}

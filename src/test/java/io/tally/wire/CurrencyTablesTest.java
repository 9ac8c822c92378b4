package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.CurrencyTable;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CurrencyTablesTest {
    private final CurrencyTable table = CurrencyTables.bundled();

    @Test
    void shouldCarryItsVersion() {
        assertThat(table.version()).isEqualTo("iso4217-2026");
        assertThat(table.digitsByCode()).hasSize(165);
    }

    @Test
    void shouldAgreeWithTheJdkOnCodesThatBothKnow() {
        // Given
        Map<String, Integer> jdk = Currency.getAvailableCurrencies().stream()
                .collect(Collectors.toMap(Currency::getCurrencyCode, Currency::getDefaultFractionDigits));

        // When
        Map<String, Integer> different = new TreeMap<>(table.digitsByCode());
        different.entrySet().removeIf(ours -> ours.getValue().equals(jdk.getOrDefault(ours.getKey(), ours.getValue())));

        // Then
        assertThat(different).isEmpty();
    }

    @Test
    void shouldKnowTheUnusualDigits() {
        assertThat(table.digits("JPY")).isZero();
        assertThat(table.digits("USD")).isEqualTo(2);
        assertThat(table.digits("KWD")).isEqualTo(3);
        assertThat(table.digits("CLF")).isEqualTo(4);
        assertThat(table.digits("UYW")).isEqualTo(4);
    }

    @Test
    void shouldLeaveOutWhatHasNoMinorUnit() {
        assertThat(table.digitsByCode()).doesNotContainKeys("XTS", "XXX", "XAU", "XAG", "XPT", "XPD", "XDR", "XBA");
    }
}

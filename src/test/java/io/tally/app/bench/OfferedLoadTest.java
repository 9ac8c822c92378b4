package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfferedLoadTest {
    @ParameterizedTest
    @CsvSource({"500, 500", "1, 1", "1000000, 1000000", "50%, 45000", "1%, 900", "100%, 90000"})
    void shouldBeANumberOrAPartOfWhatIsDrained(String text, int perSecond) {
        OfferedLoad load = OfferedLoad.of(text);
        assertThat(load.perSecond(90_000)).isEqualTo(perSecond);
        assertThat(load).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-5", "1000001", "0%", "101%", "half", "50 %"})
    void shouldRefuseOthers(String text) {
        assertThatThrownBy(() -> OfferedLoad.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--loads");
    }
}

package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @ParameterizedTest
    @CsvSource({"0,0", "3,17", "1023,9223372036854775806"})
    void shouldBringBackWhatItWasMadeOf(int partition, long offset) {
        // Given
        Position position = new Position(partition, offset);

        // Then
        assertThat(Position.parse(position.toText())).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA", "ä", "AAAAAAAAAAAAAAA=="})
    void shouldRefuseWhatIsNoneOfOurs(String text) {
        assertThat(Position.parse(text)).isNull();
    }

    @Test
    void shouldRefuseNumbersThatNoRecordHas() {
        assertThat(Position.parse(new Position(-1, 0).toText())).isNull();
        assertThat(Position.parse(new Position(0, -1).toText())).isNull();
        assertThat(Position.parse(new Position(0, Long.MAX_VALUE).toText())).isNull();
    }
}

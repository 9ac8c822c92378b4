package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeSourceTest {
    private static OutcomeSource source(String json) {
        return OutcomeSource.of(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadWhatAnOutcomeSays() {
        assertThat(source("{\"uid\":\"u\",\"source\":{\"partition\":3,\"offset\":9223372036854775806}}"))
                .isEqualTo(new OutcomeSource(3, 9223372036854775806L));
        assertThat(
                        source(
                                "{\"more\":{\"source\":{\"partition\":1,\"offset\":1}},\"source\":{\"new\":[1],\"offset\":0,\"partition\":0}}"))
                .isEqualTo(new OutcomeSource(0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[{\"source\":{\"partition\":3,\"offset\":9}}]",
                "{\"source\":{\"partition\":3}}",
                "{\"source\":{\"partition\":-3,\"offset\":9}}",
                "{\"source\":{\"partition\":3,\"offset\":9223372036854775808}}",
                "{\"source\":{\"partition\":\"3\",\"offset\":9}}",
                "{\"source\":\"elsewhere\"}",
                "{\"source\":{\"partition\":3,\"offset\":9",
            })
    void shouldKnowNothingOfWhatIsNoOutcome(String json) {
        assertThat(source(json)).isNull();
    }
}

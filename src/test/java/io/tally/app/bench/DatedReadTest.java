package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatedReadTest {
    private final DatedRead read = new DatedRead(new byte[0], -1_005);

    @ParameterizedTest
    @CsvSource({
        "200, {\"balance\":\"-10.05\"},",
        "200, {\"balance\":\"10.05\"}, another balance",
        "200, {}, another balance",
        "200, <, 200 without JSON",
        "404, {\"balance\":\"-10.05\"}, 404"
    })
    void shouldJudgeTheBalance(int status, String body, @Nullable String fault) {
        assertThat(read.fault(new HttpAnswer(status, body.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(fault);
    }
}

package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkForwardingTest {
    private final BulkForwarding forwarding = new BulkForwarding(null, null);

    @ParameterizedTest
    @CsvSource({
        "401, unavailable",
        "413, unavailable",
        "429, unavailable",
        "499, unavailable",
        "500, outcome_unknown",
        "503, outcome_unknown",
        "200, outcome_unknown"
    })
    void shouldSayThatNothingWasWrittenOnlyOfWhatWasRefused(int status, String code) {
        // Given
        byte[] oneLine = "{}\n".getBytes(StandardCharsets.UTF_8);

        // When
        List<byte[]> results = forwarding.results(new Forwarding.Result.Answered(status, Map.of(), oneLine), 2);

        // Then
        assertThat(results)
                .hasSize(2)
                .allSatisfy(result ->
                        assertThat(new String(result, StandardCharsets.UTF_8)).contains("\"code\":\"" + code + "\""));
    }
}

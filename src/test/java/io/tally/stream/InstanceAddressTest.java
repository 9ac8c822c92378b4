package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceAddressTest {
    @ParameterizedTest
    @CsvSource({
        "tally-0.tally, 8080, true",
        "127.0.0.1, 1, true",
        "127.0.0.1, 65535, true",
        "::1, 8080, true",
        "127.0.0.1, 0, false",
        "127.0.0.1, 65536, false",
        "127.0.0.1, -1, false",
        "tally_0, 8080, false",
        "tally..0, 8080, false",
        "1:2, 8080, false"
    })
    void shouldKnowWhetherOthersCanReachIt(String host, int port, boolean reachable) {
        assertThat(new InstanceAddress(host, port).isReachable()).isEqualTo(reachable);
    }
}

package io.tally.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersReportTest {
    private final PeersReport report =
            new PeersReport(new PeersSettings(3, Duration.ofSeconds(1), Duration.ZERO, 10, 7, null, List.of()));

    @Test
    void shouldCompareRatesOfTheSameRound() {
        // Given
        List.of(20_000, 40_000, 30_000).forEach(rate -> report.add("Tally", measured(rate)));

        // When
        List.of(10_000, 10_000, 20_000).forEach(rate -> report.add("other", measured(rate)));

        // Then
        assertThat(report.markdown())
                .contains("seed 7")
                .contains("| Tally | 30,000 (20,000 to 40,000) | 1.00 (1.00 to 1.00) | 500 (500 to 500) |")
                .contains("| other | 10,000 (10,000 to 20,000) | 2.00 (1.50 to 4.00) | 500 (500 to 500) |");
    }

    @Test
    void shouldCompareWithNothingWhenOnlyOthersAreMeasured() {
        // When
        report.add("other", measured(10_000));

        // Then
        assertThat(report.markdown()).contains("| other | 10,000 (10,000 to 10,000) |  | ");
    }

    @Test
    void shouldTellWhoWasWrong() {
        // When
        report.add("other", new Measured(10_000, 500, List.of("a balance")));

        // Then
        assertThat(report.faults()).containsExactly("other: a balance");
        assertThat(report.markdown()).contains("wrong: other: a balance");
    }

    private static Measured measured(double perSecond) {
        return new Measured(perSecond, 500, List.of());
    }
}

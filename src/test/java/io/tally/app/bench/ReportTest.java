package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final BenchSettings SETTINGS = new BenchSettings(
            List.of("http-writes"),
            3,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            500,
            0,
            10_000,
            32,
            20_000,
            new LogSettings(1_000, 100, false, List.of(OfferedLoad.of("50%")), List.of(5_000), 10),
            7);

    @Test
    void shouldPrintTheMedianAndTheSpreadOfEachFigure() {
        // Given
        Report report = report(List.of(), repetition(499.5, 4.256), repetition(500, 12.34), repetition(12_345, 4));

        // When
        String text = report.text();

        // Then
        assertThat(text).isEqualTo("""
                        2 cores (Some CPU), 4096 MiB, Linux 6, VM 17
                        Tally 1, Kafka 2, seed 7

                        http-writes: as it is; 3 times
                                                      median       min       max
                          answers_per_s                500.0     499.5    12,345
                          p50_ms                        4.26      4.00      12.3
                        """);
        assertThat(report.failed()).isFalse();
    }

    @Test
    void shouldPrintHowARateChangesWithTheHistory() {
        // Given
        Figures fresh = new Figures().with("commands_per_s", 99_000).with("history_commands", 0);
        Figures grown = new Figures().with("commands_per_s", 88_000).with("history_commands", 1_000_000);

        // When
        Report report = report(List.of(), new Repetition(fresh, Map.of()), new Repetition(grown, Map.of()));

        // Then
        assertThat(report.text()).endsWith("  commands_per_s: 99,000 after 0; 88,000 after 1,000,000\n");
    }

    @Test
    void shouldPrintWhatFailed() {
        // Given
        Repetition failed = new Repetition(new Figures().with("p50_ms", 1), Map.of("503", 2L));
        List<String> contradictions = List.of("a", "b", "c", "d", "e", "f", "g");

        // When
        Report report = report(contradictions, failed, failed);

        // Then
        assertThat(report.text()).endsWith("  failed: 4 x 503\n  a\n  b\n  c\n  d\n  e\n  and 2 more like these\n");
        assertThat(report.failed()).isTrue();
    }

    @Test
    void shouldFailWhenTheLedgerContradictsItsAnswers() {
        assertThat(report(List.of("a"), repetition(500, 4)).failed()).isTrue();
    }

    @Test
    void shouldWriteTheSameAsJson() throws IOException {
        // Given
        Report report = report(List.of("a"), repetition(500, 4), repetition(499, 6));

        // When
        JsonNode json = new ObjectMapper().readTree(report.json());

        // Then
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(json.at("/versions/kafka").asText()).isEqualTo("2");
        assertThat(json.at("/settings/seed").asLong()).isEqualTo(7);
        assertThat(json.at("/settings/rate").asInt()).isEqualTo(500);
        assertThat(json.at("/settings/loads/0").asText()).isEqualTo("50%");
        assertThat(json.at("/settings/history/0").asInt()).isEqualTo(5_000);
        assertThat(json.at("/scenarios/0/name").asText()).isEqualTo("http-writes");
        assertThat(json.at("/scenarios/0/figures/p50_ms"))
                .isEqualTo(new ObjectMapper().readTree("{\"median\":5.0,\"min\":4.0,\"max\":6.0}"));
        assertThat(json.at("/scenarios/0/repetitions/1/answers_per_s").asDouble())
                .isEqualTo(499);
        assertThat(json.at("/scenarios/0/contradictions/0").asText()).isEqualTo("a");
    }

    private static Report report(List<String> contradictions, Repetition... repetitions) {
        return new Report(
                new Machine(2, "Some CPU", 4_096, "Linux 6", "VM 17"),
                new Versions("1", "2"),
                SETTINGS,
                List.of(new ScenarioReport("http-writes", "as it is", List.of(repetitions), contradictions)));
    }

    private static Repetition repetition(double rate, double p50) {
        return new Repetition(new Figures().with("answers_per_s", rate).with("p50_ms", p50), Map.of());
    }
}

package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosReportTest {
    private static final long RESTORED = 40_000;

    @TempDir
    Path directory;

    @Test
    void shouldCountWhatDidNotFireAndWhatWasSkipped() {
        // Given
        List<Injection> injections = List.of(
                injection("ended with 137", null, 4), injection(null, null, 4), injection(null, "not permitted", 0));

        // When
        FaultFigures figures = FaultFigures.of(List.of(FaultKind.KILL_INSTANCE), injections, Map.of())
                .get(0);

        // Then
        assertThat(figures.runs()).isEqualTo(2);
        assertThat(figures.fired()).isEqualTo(1);
        assertThat(figures.skipped()).isEqualTo(1);
    }

    @Test
    void shouldTellWhatCameLaterThanItsBound() {
        long bound = FaultKind.KILL_INSTANCE.bound(RESTORED).toSeconds();

        assertThat(bound).isEqualTo(FaultKind.USUAL.toSeconds() + RESTORED / FaultKind.RESTORED_PER_SECOND);
        assertThat(injection("ended with 137", null, bound).isLate()).isFalse();
        assertThat(injection("ended with 137", null, bound + 1).isLate()).isTrue();
    }

    @Test
    void shouldWriteATableAndJson() throws Exception {
        // Given
        FaultFigures figures = FaultFigures.of(
                        List.of(FaultKind.KILL_INSTANCE), List.of(injection("ended with 137", null, 4)), Map.of())
                .get(0);
        ChaosReport report =
                new ChaosReport(Map.of("seed", 42), Map.of("audits", 2L), List.of(figures), List.of("lost"), List.of());

        // When
        report.write(directory);

        // Then
        assertThat(Files.readString(directory.resolve("report.md")))
                .contains(ChaosReport.HEADER)
                .contains("| kill instance | 1 | 1 | 0 | 3.0 / 3.0 | 0.0 / 0.0 | 4.0 / 4.0 | 40000 | 9.0 / 9.0 |")
                .contains("**1 violations.**")
                .contains("- lost");
        assertThat(Files.readString(directory.resolve("report.json"))).contains("\"seed\" : 42", "\"fired\" : 1");
    }

    private static Injection injection(@Nullable String evidence, @Nullable String skipped, long afterHeal) {
        return new Injection(
                1,
                FaultKind.KILL_INSTANCE,
                evidence,
                skipped,
                0,
                Duration.ofSeconds(9).toNanos(),
                Duration.ofSeconds(3).toNanos(),
                Duration.ofSeconds(afterHeal).toNanos(),
                RESTORED,
                List.of());
    }
}

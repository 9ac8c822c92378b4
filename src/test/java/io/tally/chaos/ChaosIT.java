package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The long run. System properties: {@code chaos.minutes}, {@code chaos.seed}, {@code chaos.brokers} (1 or 3), {@code
 * chaos.instances} (1 to 3), {@code chaos.rate}, {@code chaos.http.rate}, {@code chaos.faults} (names of {@link FaultKind},
 * comma-separated; all by default).
 */
@Tag("chaos")
class ChaosIT {
    private static final Path HOME = Path.of(System.getProperty("chaos.home", "target/chaos"));

    @Test
    void shouldBreakNoPromiseWhateverBreaks() throws Exception {
        // Given
        Path directory = HOME.resolve("run-" + System.currentTimeMillis()).toAbsolutePath();
        ChaosSettings settings = ChaosSettings.ofProperties(Files.createDirectories(directory));

        // When
        ChaosReport report = ChaosRun.run(settings);

        // Then
        report.write(HOME);
        System.out.println(report.markdown());
        assertThat(report.violations())
                .as("violations with seed %d; everything is kept in %s", settings.seed(), directory)
                .isEmpty();
        assertThat(report.findings())
                .as("findings with seed %d", settings.seed())
                .isEmpty();
        Trees.empty(directory);
        Files.delete(directory);
    }
}

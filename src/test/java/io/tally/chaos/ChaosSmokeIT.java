package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few faults once, so that the long run works when it is wanted. */
@Tag("proof")
class ChaosSmokeIT {
    @TempDir
    Path directory;

    @Test
    void shouldBreakNoPromiseInOneShortRound() throws Exception {
        // Given
        ChaosSettings settings = new ChaosSettings(
                Long.getLong("tally.seed", System.nanoTime()),
                Duration.ZERO,
                1,
                2,
                200,
                20,
                List.of(
                        FaultKind.KILL_INSTANCE,
                        FaultKind.ZOMBIE,
                        FaultKind.REPLAY,
                        FaultKind.GARBAGE,
                        FaultKind.REPEATED_COMMANDS),
                directory);

        // When
        ChaosReport report = ChaosRun.run(settings);

        // Then
        System.out.println(report.markdown());
        assertThat(report.violations()).isEmpty();
        assertThat(report.faults()).allMatch(fault -> fault.fired() == 1);
    }
}

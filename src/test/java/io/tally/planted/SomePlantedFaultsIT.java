package io.tally.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The quick part of {@link PlantedFaultsIT}: one fault for each of those who catch. */
@Tag("proof")
class SomePlantedFaultsIT {
    @TempDir
    static Path directory;

    private static PlantedRig rig;

    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @BeforeAll
    static void startBroker() {
        rig = new PlantedRig(directory);
    }

    @AfterAll
    static void stopBroker() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"OUTCOME_DROPPED", "ONE_UNIT_BEYOND_ACCEPTED", "DAY_TOTAL_TWICE"})
    void shouldCatch(Fault fault) throws Exception {
        // When
        PlantedRun run = rig.run(fault, seed);

        // Then
        assertThat(run.fired()).as("times that it fired").isPositive();
        assertThat(run.caught()).as(run.toString()).isTrue();
    }

    @Test
    void shouldFindNothingInASoundBuild() throws Exception {
        // When
        PlantedRun run = rig.run(null, seed);

        // Then
        assertThat(run.caught()).as(run.toString()).isFalse();
    }
}

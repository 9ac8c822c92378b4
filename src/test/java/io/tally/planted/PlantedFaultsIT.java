package io.tally.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault that is planted is found, and nothing is found where none is. Writes target/planted.md. */
@Tag("proof")
class PlantedFaultsIT {
    @TempDir
    static Path directory;

    private static PlantedRig rig;

    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @BeforeAll
    static void startBroker() {
        rig = new PlantedRig(directory);
    }

    @AfterAll
    static void writeTable() throws IOException {
        rig.close();
        Files.writeString(Path.of("target", "planted.md"), rig.table());
    }

    /** All, or those that the property {@code tally.faults} names, with commas between. */
    static Stream<Fault> faults() {
        String names = System.getProperty("tally.faults");
        return names == null
                ? Stream.of(Fault.values())
                : Stream.of(names.split(",", -1)).map(Fault::valueOf);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldCatchOrNeedNot(Fault fault) throws Exception {
        // When
        PlantedRun run = rig.run(fault, seed);

        // Then
        assertThat(run.fired()).as("times that it fired").isPositive();
        assertThat(run.caught())
                .as(run.toString())
                .isEqualTo(fault.harmlessBecause().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldFindNothingInASoundBuild(int number) throws Exception {
        // When
        PlantedRun run = rig.run(null, seed + number);

        // Then
        assertThat(run.caught()).as(run.toString()).isFalse();
    }
}

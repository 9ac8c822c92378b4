package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.TallyProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandIT {
    @TempDir
    private Path folder;

    /** An archive that a failed run left would be taken for one of a whole start. */
    @Test
    void shouldStartAnswerStopAndLeaveNothingBehind() throws Exception {
        // Given
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        List<String> options = TallyProcess.shortLived("-Xmx" + TallyProcess.HEAP, "-Djava.io.tmpdir=" + temporary);

        // When
        try (TallyProcess train =
                TallyProcess.startMain("io.tally.app.Main", options, folder.resolve("output.txt"), Map.of(), "train")) {
            // Then
            assertThat(train.awaitExit(Duration.ofSeconds(60)))
                    .as(train.output())
                    .isEqualTo(ExitCode.OK);
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("tally-"));
        }
    }
}

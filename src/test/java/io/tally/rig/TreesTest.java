package io.tally.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
    @TempDir
    Path directory;

    @Test
    void shouldCopyIntoADirectoryThatWasEmptied() throws IOException {
        // Given
        Path from = directory.resolve("from");
        Path to = directory.resolve("to");
        Files.writeString(Files.createDirectories(from.resolve("inner")).resolve("file"), "kept");
        Trees.copy(from, to);
        Trees.empty(to);
        assertThat(to).isEmptyDirectory();

        // When
        Trees.copy(from, to);

        // Then
        assertThat(to.resolve("inner/file")).hasContent("kept");
    }
}

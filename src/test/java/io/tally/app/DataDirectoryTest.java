package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheInstanceId() {
        // Given
        String first;
        try (DataDirectory directory = DataDirectory.open(folder.resolve("new/data"))) {
            first = directory.instanceId();
        }

        // When
        try (DataDirectory directory = DataDirectory.open(folder.resolve("new/data"))) {
            // Then
            assertThat(directory.instanceId()).isEqualTo(first).matches("[0-9a-f-]{36}");
        }
    }

    @Test
    void shouldGiveEachDirectoryAnIdOfItsOwn() {
        try (DataDirectory one = DataDirectory.open(folder.resolve("one"));
                DataDirectory two = DataDirectory.open(folder.resolve("two"))) {
            assertThat(one.instanceId()).isNotEqualTo(two.instanceId());
        }
    }

    @Test
    void shouldStopASecondInstance() {
        try (DataDirectory first = DataDirectory.open(folder)) {
            assertThat(first.instanceId()).isNotEmpty();
            assertThatThrownBy(() -> DataDirectory.open(folder))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(
                            "TALLY_DATA_DIR",
                            folder.toString(),
                            "process " + ProcessHandle.current().pid(),
                            "a directory of its own");
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsAFile() throws Exception {
        // Given
        Path file = Files.createFile(folder.resolve("file"));

        // When, Then
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_DATA_DIR", file.toString());
    }

    @Test
    void shouldRefuseAnInstanceIdThatIsDamaged() throws Exception {
        // Given
        Files.writeString(folder.resolve("instance-id"), "");

        // When, Then
        try (DataDirectory directory = DataDirectory.open(folder)) {
            assertThatThrownBy(directory::instanceId)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("KAFKA_GROUP_INSTANCE_ID", "instance-id", "Delete");
        }
    }
}

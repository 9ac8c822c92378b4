package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreDirectoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStayMarkedBrokenUntilNothingElseIsLeft(boolean markedBefore) throws IOException {
        // Given: names before and after the marker's, in whatever order the disk lists them.
        Path store = Files.createDirectories(directory.resolve("ledger"));
        List<String> names =
                List.of("000012.sst", "CURRENT", "MANIFEST-000005", "archive/000003.log", "archive/BROKEN");
        Files.createDirectory(store.resolve("archive"));
        for (String name : names) {
            Files.createFile(store.resolve(name));
        }
        StoreDirectory broken = new StoreDirectory(store);
        if (markedBefore) {
            broken.markBroken();
        }
        List<Path> removed = new ArrayList<>();

        // When
        broken.discard(true, path -> {
            removed.add(store.relativize(path));
            Files.delete(path);
        });

        // Then
        assertThat(removed).hasSize(names.size() + 3);
        assertThat(removed.subList(names.size() + 1, names.size() + 3)).containsExactly(Path.of("BROKEN"), Path.of(""));
        assertThat(store).doesNotExist();
    }
}

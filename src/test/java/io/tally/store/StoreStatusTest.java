package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

class StoreStatusTest {
    @TempDir
    Path directory;

    @Test
    void shouldTellOriginAndBookmarkOfATask() {
        // Given
        Path task = taskWithStore("0_3", 41L);

        // When
        StoreStatus status = status(task);

        // Then
        assertThat(status).isEqualTo(new StoreStatus(task, "cluster-a/topic-1", 41L, null));
        assertThat(status.partition()).isEqualTo(3);
        assertThat(status.isOfOtherCluster("cluster-a")).isFalse();
        assertThat(status.isOfOtherCluster("cluster")).isTrue();
        assertThat(status.isOfOther(StoreRig.ORIGIN)).isFalse();
        assertThat(status.isOfOther(new LedgerOrigin("cluster-a", "topic-2"))).isTrue();
    }

    @Test
    void shouldTellAClearedBookmark() {
        assertThat(status(taskWithStore("0_0", null)))
                .isEqualTo(new StoreStatus(directory.resolve("0_0"), "cluster-a/topic-1", null, null));
    }

    @Test
    void shouldTellThatTheChangelogHasLostEntries() throws IOException {
        // Given
        Path task = taskWithStore("0_0", 41L);
        StoreDirectory store = new StoreDirectory(task.resolve("ledger"));

        // When
        store.markAhead();

        // Then
        assertThat(status(task)).isEqualTo(new StoreStatus(task, "cluster-a/topic-1", 41L, store.aheadMarker()));
        Files.delete(store.aheadMarker());
        assertThat(status(task).aheadMarker()).isNull();
    }

    @Test
    void shouldLeaveTheDataAlone() {
        // Given
        Path task = taskWithStore("0_0", 41L);
        SortedMap<String, String> before = DatabaseFiles.contents(task.resolve("ledger"));

        // When
        StoreStatus status = status(task);

        // Then
        assertThat(status).isNotNull();
        assertThat(DatabaseFiles.contents(task.resolve("ledger"))).isEqualTo(before);
        try (LedgerDb db = new StoreDirectory(task.resolve("ledger")).open(StoreRig.ORIGIN, StoreRig.RESOURCES)) {
            assertThat(db.bookmark()).isEqualTo(41);
        }
    }

    @Test
    void shouldFindNothingWhereNoStoreIs() throws IOException {
        Path task = Files.createDirectories(directory.resolve("0_0"));

        assertThat(status(task)).isNull();
        assertThat(status(directory.resolve("kafka-streams-process-metadata"))).isNull();
    }

    @Test
    void shouldFindABrokenStoreThatBelongsToNobody() throws IOException {
        // Given
        Path task = taskWithStore("0_0", 41L);
        DatabaseFiles.truncate(task.resolve("ledger/CURRENT"), 3);

        // When
        StoreStatus status = status(task);

        // Then
        assertThat(status).isEqualTo(new StoreStatus(task, null, null, null));
        assertThat(status.isOfOtherCluster("cluster-b")).isFalse();
        assertThat(status.isOfOther(new LedgerOrigin("cluster-b", "topic-2"))).isFalse();
    }

    @Test
    void shouldFindAStoreThatWasNeverWrittenToAndBelongsToNobody() throws IOException {
        // Given
        Path task = directory.resolve("0_0");
        Files.createDirectories(task.resolve("ledger"));

        // Then
        assertThat(status(task)).isEqualTo(new StoreStatus(task, null, null, null));
    }

    /** Taken for broken it would escape the checks of what it was filled from, though it may be opened a moment later. */
    @Test
    void shouldRefuseAStoreThatCannotBeRead() throws IOException {
        // Given
        Path task = taskWithStore("0_0", 41L);
        Path current = task.resolve("ledger/CURRENT");
        Files.delete(current);
        Files.createDirectory(current);

        // Then
        assertThatThrownBy(() -> status(task))
                .isInstanceOf(LedgerStoreException.class)
                .hasMessageContaining(task.toString())
                .hasMessageContaining("Is a directory");
    }

    private StoreStatus status(Path task) {
        return StoreStatus.of(task, StoreRig.RESOURCES.memory());
    }

    private Path taskWithStore(String name, Long bookmark) {
        Path task = directory.resolve(name);
        try (LedgerDb db = new StoreDirectory(task.resolve("ledger")).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
                WriteBatch nothing = new WriteBatch()) {
            if (bookmark == null) {
                db.clearBookmark();
            } else {
                db.write(nothing, bookmark);
            }
        }
        return task;
    }
}

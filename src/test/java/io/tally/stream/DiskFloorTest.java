package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFloorTest {
    @TempDir
    Path directory;

    @Test
    void shouldHoldWithRoomAndNotWithout() {
        assertThat(new DiskFloor(directory, 1).holds()).isTrue();
        assertThat(new DiskFloor(directory, Long.MAX_VALUE).holds()).isFalse();
    }

    @Test
    void shouldHoldWithoutAFloor() {
        assertThat(new DiskFloor(directory.resolve("not there"), 0).holds()).isTrue();
    }
}

package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said to be harmed is harmed, and nothing is said where there was nothing to harm. */
class HarmTest {
    @TempDir
    Path data;

    @ParameterizedTest
    @EnumSource
    void shouldSayThatThereWasNothingToHarm(Harm harm) throws IOException {
        assertThat(harm.to(data)).isFalse();
        assertThat(data).exists();
    }

    @Test
    void shouldFlipAByteInEachBlockOfTheFirstHalf() throws IOException {
        // Given
        byte[] whole = new byte[4_096];
        Path table = Files.write(data.resolve("000012.sst"), whole);

        // When
        boolean done = Harm.FLIPPED_BYTES.to(data);

        // Then
        byte[] harmed = Files.readAllBytes(table);
        assertThat(done).isTrue();
        assertThat(harmed).hasSameSizeAs(whole);
        assertThat(Arrays.mismatch(whole, 0, 1_024, harmed, 0, 1_024)).isEqualTo(512);
        assertThat(Arrays.mismatch(whole, 1_024, 2_048, harmed, 1_024, 2_048)).isEqualTo(512);
        assertThat(Arrays.mismatch(whole, 2_048, 4_096, harmed, 2_048, 4_096)).isEqualTo(-1);
    }

    @Test
    void shouldDeleteTheLargestTable() throws IOException {
        // Given
        Path small = Files.write(data.resolve("000012.sst"), new byte[10]);
        Path large = Files.write(data.resolve("000013.sst"), new byte[20]);

        // When
        boolean done = Harm.MISSING_TABLE.to(data);

        // Then
        assertThat(done).isTrue();
        assertThat(small).exists();
        assertThat(large).doesNotExist();
    }

    @Test
    void shouldCutManifests() throws IOException {
        // Given
        Path manifest = Files.write(data.resolve("MANIFEST-000004"), new byte[100]);

        // When
        boolean done = Harm.SHORT_MANIFEST.to(data);

        // Then
        assertThat(done).isTrue();
        assertThat(manifest).hasSize(50);
    }

    @Test
    void shouldLoseEverythingButTheDirectory() throws IOException {
        // Given
        Files.write(Files.createDirectories(data.resolve("tally/0_1")).resolve("CURRENT"), new byte[1]);

        // When
        boolean done = Harm.LOST.to(data);

        // Then
        assertThat(done).isTrue();
        assertThat(data).isEmptyDirectory();
    }
}

package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UidTextTest {
    @Test
    void shouldReadEitherCase() {
        assertThat(UidText.parse("0F8FAD5B-d9cb-469f-A165-70867728950e")).isEqualTo(Samples.UID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "0f8fad5bd9cb469fa16570867728950e",
                "{0f8fad5b-d9cb-469f-a165-70867728950e}",
                "0f8fad5b-d9cb-469f-a165-70867728950",
                "0f8fad5b-d9cb-469f-a165-70867728950e0",
                "0f8fad5b-d9cb-469f-a165-70867728950g",
                "0f8fad5b-d9cb-469f-a165-70867728950G",
                "0f8fad5b-d9cb-469f-a165-70867728950/",
                "0f8fad5b-d9cb-469f-a165-70867728950:",
                "0f8fad5b-d9cb-469f-a165-70867728950@",
                "0f8fad5b-d9cb-469f-a165-70867728950`",
                "0f8fad5b_d9cb-469f-a165-70867728950e",
                "0f8fad5-bd9cb-469f-a165-70867728950e",
                "٠f8fad5b-d9cb-469f-a165-70867728950e",
            })
    void shouldRefuseOtherForms(String text) {
        assertThat(UidText.parse(text)).isNull();
    }

    @Test
    void shouldReadEveryUuid() {
        long seed = System.nanoTime();
        System.out.println("UidTextTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            // Given
            UUID uid = new UUID(random.nextLong(), random.nextLong());

            // When
            AsciiBuffer text = new AsciiBuffer(36);
            UidText.append(text, uid);

            // Then
            assertThat(text).hasToString(uid.toString());
            assertThat(UidText.parse(uid.toString())).isEqualTo(uid);
        }
    }
}

package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterCursorTest {
    private static final DeadLetterCursor CURSOR =
            new DeadLetterCursor(null, new TreeMap<>(Map.of(0, 0L, 7, 41L, 1023, Long.MAX_VALUE)));

    @Test
    void shouldReadWhatItWrote() {
        DeadLetterCursor one = new DeadLetterCursor(3, new TreeMap<>(Map.of(3, 99L)));
        assertThat(DeadLetterCursor.parse(CURSOR.toText())).isEqualTo(CURSOR);
        assertThat(DeadLetterCursor.parse(one.toText())).isEqualTo(one);
    }

    @Test
    void shouldRefuseEveryChangedCharacter() {
        String text = CURSOR.toText();
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(DeadLetterCursor.parse(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character %d", i)
                    .isNull();
            assertThat(DeadLetterCursor.parse(text.substring(0, i))).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dead-letters-1",
                "dead-letters-1/null/",
                "dead-letters-1/null/0",
                "dead-letters-1/null/.5",
                "dead-letters-1/null/0.-1",
                "dead-letters-1/null/-1.5",
                "dead-letters-1/x/0.5",
                "dead-letters-1/null/0.5,",
                "dead-letters-1/null/0.zzzzzzzzzzzzzzzz",
                "1/null/0.5",
                "dead-letters-1/null/0.5/"
            })
    void shouldRefuseWhatItNeverWrites(String fields) {
        assertThat(DeadLetterCursor.parse(SealedText.seal(fields))).isNull();
        assertThat(DeadLetterCursor.parse(fields)).isNull();
    }

    @Test
    void shouldNotTakeTheCursorOfAStatement() {
        assertThat(StatementCursor.parse(CURSOR.toText())).isNull();
    }

    @Test
    void shouldFitIntoARequestOfAHundredPartitions() {
        // Given
        TreeMap<Integer, Long> before = new TreeMap<>();
        for (int partition = 0; partition < 100; partition++) {
            before.put(partition, 1_000_000_000_000L);
        }

        // Then
        assertThat(new DeadLetterCursor(null, before).toText()).hasSizeLessThan(4096);
    }
}

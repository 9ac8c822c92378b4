package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterNoteTest {
    private static WireHeader header(String name, String value) {
        return new WireHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadWhatADeadLetterSays() {
        // Given
        DeadLetter letter = DeadLetter.of(
                new byte[2000],
                new byte[70_000],
                List.of(header("tally.error.code", "forged"), header("mine", "x")),
                new Flaw(DeadLetterCode.TOO_LARGE, "", "Expected less"),
                "transactions-in",
                new Source(3, 4711));

        // When
        DeadLetterNote note = DeadLetterNote.of(letter.headers());

        // Then
        assertThat(note)
                .isEqualTo(
                        new DeadLetterNote("too_large", "Expected less", new Source(3, 4711), List.of("value", "key")));
    }

    @Test
    void shouldTakeNothingForGranted() {
        assertThat(DeadLetterNote.of(List.of())).isEqualTo(new DeadLetterNote(null, null, null, List.of()));
        assertThat(DeadLetterNote.of(List.of(
                        new WireHeader(DeadLetterHeaders.CODE, null),
                        header(DeadLetterHeaders.STREAMS_PARTITION, "-1"),
                        header(DeadLetterHeaders.STREAMS_OFFSET, "9".repeat(19)),
                        header(DeadLetterHeaders.TRUNCATED, "everything,key"))))
                .isEqualTo(new DeadLetterNote(null, null, null, List.of("key")));
        assertThat(DeadLetterNote.of(List.of(header(DeadLetterHeaders.DETAIL, "x".repeat(257))))
                        .detail())
                .hasSize(DeadLetterNote.MAX_TEXT_BYTES);
        assertThat(DeadLetterNote.of(List.of(header(DeadLetterHeaders.DETAIL, "x".repeat(256))))
                        .detail())
                .hasSize(256);
    }
}

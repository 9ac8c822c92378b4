package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.Attempt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTextTest {
    private static String shown(byte[] bytes) {
        AnswerText text = new AnswerText();
        for (byte one : bytes) {
            text.add(ByteBuffer.wrap(new byte[] {one}));
        }
        assertThat(text.length()).isEqualTo(bytes.length);
        return text.text();
    }

    private static String shown(String text) {
        return shown(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ok", "{\"error\": \"<b>é 🐢</b>\"}"})
    void shouldShowText(String text) {
        assertThat(shown(text)).isEqualTo(text);
    }

    @Test
    void shouldReplaceWhatDoesMoreThanStandThere() {
        assertThat(shown("a\r\n\tb\u2028c\u00a0d")).isEqualTo("a   b c d");
        assertThat(shown("\u001b[31mred\u0000\u0007\u007f\u0085")).isEqualTo("\ufffd[31mred\ufffd\ufffd\ufffd\ufffd");
        assertThat(shown("abc\u202edef\u200b\ufeff\u2066")).isEqualTo("abc\ufffddef\ufffd\ufffd\ufffd");
    }

    @Test
    void shouldReplaceWhatIsNotUtf8() {
        assertThat(shown(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3})).isEqualTo("a\ufffdb\ufffd");
        assertThat(shown(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 'x'}))
                .endsWith("x")
                .startsWith("\ufffd");
    }

    /** A character is not cut in two, neither in the bytes that are kept nor in the text. */
    @ParameterizedTest
    @CsvSource({
        "a, 511, 511",
        "a, 512, 512",
        "a, 513, 512",
        "é, 5000, 512",
        "€, 5000, 512",
        "🐢, 256, 512",
        "🐢, 5000, 512"
    })
    void shouldCutBetweenCharacters(String one, int count, int length) {
        // When
        String shown = shown(one.repeat(count));

        // Then
        assertThat(shown).hasSize(length).isEqualTo(one.repeat(length / one.length()));
    }

    @Test
    void shouldNotKeepHalfACharacterAtTheEnd() {
        assertThat(shown("a" + "🐢".repeat(1_000)))
                .isEqualTo("a" + "🐢".repeat(255))
                .hasSizeLessThanOrEqualTo(Attempt.MAX_ANSWER);
    }
}

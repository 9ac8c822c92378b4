package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    private static final String UID = "0c8f1a52-7b1e-4f5e-9a51-3f0f4c8d2b11";

    private static String withUid(String json) {
        return new String(IdempotencyKey.asUid(UID, json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"uid\":\"U\"}",
                "{\"a\":1} | {\"uid\":\"U\",\"a\":1}",
                "{ \"ä\" : [{\"uid\":null}] } | {\"uid\":\"U\", \"ä\" : [{\"uid\":null}] }",
                "{\"ä\":\"ä\", \"uid\" : null , \"b\":2} | {\"ä\":\"ä\", \"uid\" : \"U\" , \"b\":2}",
                "{\"amount\":1e400} | {\"uid\":\"U\",\"amount\":1e400}"
            })
    void shouldPutTheKeyWhereTheUidBelongs(String json, String expected) {
        assertThat(withUid(json)).isEqualTo(expected.replace("U", UID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\"", "1", "{\"uid\":1}", "{\"uid\":\"x\"}", "\ufeff{}"})
    void shouldLeaveAloneWhatTheDecoderRefuses(String json) {
        assertThat(withUid(json)).isEqualTo(json);
    }

    @Test
    void shouldLeaveTheSameUidInEitherCase() {
        // Given
        String json = "{\"uid\":\"" + UID.toUpperCase(Locale.ROOT) + "\"}";

        // Then
        assertThat(withUid(json)).isEqualTo(json);
    }

    @Test
    void shouldRefuseTwoUids() {
        assertThatThrownBy(() -> withUid("{\"uid\":\"1" + UID.substring(1) + "\"}"))
                .isInstanceOf(RequestRefusedException.class);
        assertThatThrownBy(() -> IdempotencyKey.asUid("key", new byte[0])).isInstanceOf(RequestRefusedException.class);
    }

    @Test
    void shouldTakeOffTheQuotesAndNothingElse() {
        assertThat(IdempotencyKey.parse("order 66")).isEqualTo("order 66");
        assertThat(IdempotencyKey.parse("\"order 66\"")).isEqualTo("order 66");
        assertThat(IdempotencyKey.parse("\" a \"")).isEqualTo(" a ");
        assertThat(IdempotencyKey.parse("\"\"a\"\"")).isEqualTo("\"a\"");
        assertThat(IdempotencyKey.parse("\"")).isEqualTo("\"");
        assertThat(IdempotencyKey.parse("a".repeat(255))).hasSize(255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "\u00e9", "\"\u00fc\"", "a\tb", "\u007f"})
    void shouldRefuseWhatOtherInstancesWouldGetChanged(String header) {
        assertThatThrownBy(() -> IdempotencyKey.parse(header)).isInstanceOf(RequestRefusedException.class);
        assertThatThrownBy(() -> IdempotencyKey.parse("a".repeat(256))).isInstanceOf(RequestRefusedException.class);
    }
}

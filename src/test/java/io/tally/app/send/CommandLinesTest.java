package io.tally.app.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLinesTest {
    @Test
    void shouldKeepTheLineAsItIsAndReadItsKey() throws Exception {
        // Given
        CommandLines lines =
                lines("{\"uid\":\"ABC\",\"user_id\":\"ada\", \"amount\" : 1}\n\n{\"uid\":\"d\",\"user_id\":42}");

        // When
        OutgoingCommand first = lines.next();
        OutgoingCommand second = lines.next();

        // Then
        assertThat(first)
                .isEqualTo(new OutgoingCommand(
                        1, "ada", "abc", bytes("{\"uid\":\"ABC\",\"user_id\":\"ada\", \"amount\" : 1}")));
        assertThat(second).isEqualTo(new OutgoingCommand(3, "42", "d", bytes("{\"uid\":\"d\",\"user_id\":42}")));
        assertThat(lines.next()).isNull();
    }

    @Test
    void shouldSkipAByteOrderMark() throws Exception {
        // Given
        CommandLines lines = lines("\ufeff{\"uid\":\"u\",\"user_id\":\"ada\"}");

        // When
        OutgoingCommand first = lines.next();

        // Then
        assertThat(first).isEqualTo(new OutgoingCommand(1, "ada", "u", bytes("{\"uid\":\"u\",\"user_id\":\"ada\"}")));
    }

    @Test
    void shouldRefuseAByteOrderMarkBetweenTheLines() throws Exception {
        // Given
        CommandLines lines = lines("{\"uid\":\"u\",\"user_id\":\"ada\"}\n\ufeff{\"uid\":\"v\",\"user_id\":\"ada\"}");
        lines.next();

        // When, Then
        assertThatThrownBy(lines::next)
                .isInstanceOf(BadLineException.class)
                .hasMessageContainingAll("Line 2", "not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "ISO-8859-1"})
    void shouldRefuseWhatIsNotUtf8(String charset) {
        // Given
        CommandLines lines = new CommandLines(
                new ByteArrayInputStream("{\"uid\":\"u\",\"user_id\":\"zoë\"}".getBytes(Charset.forName(charset))));

        // When, Then
        assertThatThrownBy(lines::next).isInstanceOf(BadLineException.class).hasMessageContaining("Line 1 is not ");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "{'user_id':'ada'}              | no uid",
                "{'user_id':'ada','uid':null}   | no uid",
                "{'user_id':'ada','uid':''}     | no uid",
                "{'uid':'u'}                    | no user_id",
                "{'uid':'u','user_id':1.5}      | no user_id",
                "[1]                            | not a JSON object",
                "{'uid':                        | not JSON",
                "{} {}                          | not JSON",
            })
    void shouldRefuseALineByItsNumber(String line, String problem) throws Exception {
        // Given
        CommandLines lines = lines("{\"uid\":\"u\",\"user_id\":\"ada\"}\n" + line.replace('\'', '"'));
        lines.next();

        // When, Then
        assertThatThrownBy(lines::next)
                .isInstanceOf(BadLineException.class)
                .hasMessageContainingAll("Line 2", problem, "Nothing from this line on was sent");
    }

    @Test
    void shouldNotReadALineWithoutEndIntoMemory() {
        assertThatThrownBy(() -> lines("x".repeat(600_000)).next())
                .isInstanceOf(BadLineException.class)
                .hasMessageContaining("longer than");
    }

    private static CommandLines lines(String text) throws IOException {
        return new CommandLines(new ByteArrayInputStream(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

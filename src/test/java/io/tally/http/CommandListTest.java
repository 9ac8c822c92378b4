package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandListTest {
    private static List<String> array(String json) {
        return text(CommandList.ofArray(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> lines(String ndjson) {
        return text(CommandList.ofLines(ndjson.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> text(List<byte[]> commands) {
        return commands.stream()
                .map(command -> new String(command, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void shouldCutAnArrayAtTheBytesOfItsElements() {
        assertThat(array(" [ {\"name\":\"ä😀 ]},{\"} ,\n{ \"a\" : [ { } ] , \"b\":1.50 } , {}\t] "))
                .containsExactly("{\"name\":\"ä😀 ]},{\"}", "{ \"a\" : [ { } ] , \"b\":1.50 }", "{}");
        assertThat(array("[]")).isEmpty();
    }

    @Test
    void shouldKeepWhatTheDecoderMustRefuse() {
        assertThat(array("[{\"a\":1,\"a\":2}]")).containsExactly("{\"a\":1,\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[",
                "[{}",
                "[{}]]",
                "[{}] {}",
                "[1]",
                "[\"{}\"]",
                "[null]",
                "[[{}]]",
                "[{},]",
                "[{\"a\"}]"
            })
    void shouldRefuseWhatIsNoArrayOfObjects(String json) {
        assertThatThrownBy(() -> array(json))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("invalid_command"));
    }

    @Test
    void shouldTakeLinesThatAreNotBlank() {
        assertThat(lines("{\"a\":1}\n\n \t\r\n{\"b\":2}\r\nnonsense"))
                .containsExactly("{\"a\":1}", "{\"b\":2}\r", "nonsense");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void shouldTakeAThousand() {
        assertThat(array("[" + "{},".repeat(999) + "{}]")).hasSize(1_000);
        assertThat(lines("{}\n".repeat(1_000))).hasSize(1_000);
        assertThatThrownBy(() -> array("[" + "{},".repeat(1_000) + "{}]")).isInstanceOf(RequestRefusedException.class);
        assertThatThrownBy(() -> lines("{}\n".repeat(1_001)))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("too_large"));
    }
}

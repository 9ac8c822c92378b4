package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokensTest {
    /** Of "abc". */
    private static final String HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    private ApiTokens load(String text) throws IOException {
        return ApiTokens.load(Files.writeString(directory.resolve("tokens"), text));
    }

    @Test
    void shouldKnowATokenByItsHash() throws IOException {
        // When
        ApiTokens tokens = load("# ours\n\n  " + HASH.toUpperCase(Locale.ROOT) + "\tread,admin\n");

        // Then
        assertThat(tokens.callerOf("abc")).isEqualTo(new ApiTokens.Caller(3, Set.of(Scope.READ, Scope.ADMIN)));
        assertThat(tokens.callerOf("abd")).isNull();
        assertThat(tokens.callerOf("")).isNull();
        assertThat(load("").callerOf("abc")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {HASH, HASH + " all", HASH + " read, write", "abc read", HASH + "0 read", HASH + " ,", "x"})
    void shouldNameTheLineThatIsWrong(String line) {
        assertThatThrownBy(() -> load("# one\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        assertThatThrownBy(() -> ApiTokens.load(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }
}

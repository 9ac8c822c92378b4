package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokensTest {
    /** Of "abc". */
    private static final String HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /** A line that no token fits. */
    private static final String NOBODY = "0".repeat(64) + " read";

    @TempDir
    private Path directory;

    private ApiTokens load(String text) throws IOException {
        return ApiTokens.load(Files.writeString(directory.resolve("tokens"), text));
    }

    /** Puts a text into the file and looks at it. A file's time is coarse: each text is dated a second after the one before. */
    private void change(ApiTokens tokens, String text) throws IOException {
        Path file = directory.resolve("tokens");
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1_000));
        tokens.look();
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Test
    void shouldKnowATokenByItsHash() throws IOException {
        // When
        ApiTokens tokens = load("# ours\n\n  " + HASH.toUpperCase(Locale.ROOT) + "\tread,admin\n");

        // Then
        assertThat(tokens.callerOf("abc")).isEqualTo(new ApiTokens.Caller(3, Set.of(Scope.READ, Scope.ADMIN), null));
        assertThat(tokens.callerOf("abd")).isNull();
        assertThat(tokens.callerOf("")).isNull();
        assertThat(load("").callerOf("abc")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HASH,
                HASH + " all",
                HASH + " read, write",
                "abc read",
                HASH + "0 read",
                HASH + " ,",
                "x",
                HASH + " read 0",
                HASH + " read 1000001",
                HASH + " read -1",
                HASH + " read 1 1"
            })
    void shouldNameTheLineThatIsWrong(String line) {
        assertThatThrownBy(() -> load("# one\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void shouldKeepTheBucketOfALineThatStays() throws IOException {
        // Given
        ApiTokens tokens = load(HASH + " read 1\n");
        assertThat(tokens.callerOf("abc").takeRequest()).isTrue();
        assertThat(tokens.callerOf("abc").takeRequest()).isFalse();
        TokenBucket bucket = tokens.callerOf("abc").bucket();

        // When
        change(tokens, "# touched\n" + HASH + " read 1\n");

        // Then
        assertThat(tokens.callerOf("abc").line()).as("it was read again").isEqualTo(2);
        assertThat(tokens.callerOf("abc").bucket()).isSameAs(bucket);
        change(tokens, HASH + " read 1000000\n");
        assertThat(tokens.callerOf("abc").bucket()).isNotSameAs(bucket);
        assertThat(tokens.callerOf("abc").takeRequest()).isTrue();
        change(tokens, HASH + " read\n");
        assertThat(tokens.callerOf("abc").bucket()).isNull();
    }

    @Test
    void shouldNameACallerByTheLineOfNow() throws IOException {
        // Given
        Path file = directory.resolve("tokens");
        ApiTokens tokens = load(hash("a") + " read\n" + HASH + " read 1\n");
        TokenBucket bucket = tokens.callerOf("abc").bucket();
        assertThat(tokens.callerOf("abc").line()).isEqualTo(2);

        // When
        Files.writeString(file, HASH + " read 1\n" + hash("c") + " admin\n");

        // Then: in time, without being told to look.
        Awaitility.await().until(() -> tokens.callerOf("c") != null);
        assertThat(tokens.callerOf("a")).isNull();
        assertThat(tokens.callerOf("c").line()).isEqualTo(2);
        assertThat(tokens.callerOf("abc").line()).isEqualTo(1);
        assertThat(tokens.callerOf("abc").bucket()).isSameAs(bucket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# being written\n"})
    void shouldKeepTheTokensWhenThereAreNoneAnyMore(String nothing) throws IOException {
        // Given
        ApiTokens tokens = load(HASH + " read\n");
        try (LoggedErrors errors = new LoggedErrors(ApiTokens.class)) {
            // When
            change(tokens, nothing);
            tokens.look();

            // Then
            assertThat(tokens.callerOf("abc")).isNotNull();
            assertThat(errors.lines())
                    .singleElement()
                    .asString()
                    .contains("to end all")
                    .contains(NOBODY);
            // As it says.
            change(tokens, NOBODY + "\n");
            assertThat(tokens.callerOf("abc")).isNull();
            assertThat(errors.lines()).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        assertThatThrownBy(() -> ApiTokens.load(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }
}

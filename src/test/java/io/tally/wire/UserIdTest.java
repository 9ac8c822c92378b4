package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "007", "Z9", "alice", "a.b_c:d-e", "user:42", "9223372036854775807"})
    void shouldAcceptItsCharacters(String text) {
        assertThat(UserId.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ".a", "_a", ":a", "-a", "a b", "a/b", "a\u0000", "ä", "a\ud800", "a\n", "a\"", "a\\", "a@b",
                "a`", "a{"
            })
    void shouldRefuseOthers(String text) {
        assertThat(UserId.isValid(text)).isFalse();
    }

    @Test
    void shouldBoundTheLength() {
        assertThat(UserId.isValid("a".repeat(64))).isTrue();
        assertThat(UserId.isValid("a".repeat(65))).isFalse();
    }
}

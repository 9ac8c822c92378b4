package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserTest {
    private final User user = new User("ada");

    @BeforeEach
    void decide() {
        user.decided(100, 1);
        user.decided(0, 3);
        user.decided(-30, 2);
    }

    @Test
    void shouldAgreeWithWhatWasAnswered() {
        assertThat(user.difference(70, 3)).isNull();
    }

    @Test
    void shouldTellAnotherBalance() {
        assertThat(user.difference(69, 3)).contains("70 after 3", "69 after 3");
    }

    @Test
    void shouldTellADecisionThatNobodyHeardOf() {
        assertThat(user.difference(70, 4)).contains("70 after 3", "70 after 4");
    }

    @Test
    void shouldTellASequenceThatWasGivenTwice() {
        // Given
        user.decided(0, 3);

        // When // Then
        assertThat(user.difference(70, 4)).contains("sequences 1 to 4");
    }

    @Test
    void shouldSayNothingWhenAnAnswerWasLost() {
        // Given
        user.unanswered();

        // When // Then
        assertThat(user.difference(0, 9)).isNull();
    }
}

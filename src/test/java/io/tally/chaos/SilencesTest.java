package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final long[] ANSWERED = {100, 200, 700, 800, 1_000};

    @Test
    void shouldFindTheSilenceThatBeganBeforeAndEndedAfter() {
        assertThat(Silences.longest(ANSWERED, 300, 400)).isEqualTo(500);
    }

    @Test
    void shouldLeaveOutSilencesOfOtherTimes() {
        assertThat(Silences.longest(ANSWERED, 710, 790)).isEqualTo(100);
        assertThat(Silences.longest(ANSWERED, 850, 5_000)).isEqualTo(200);
    }

    @Test
    void shouldFindTheLongestOfSeveral() {
        assertThat(Silences.longest(ANSWERED, 0, 2_000)).isEqualTo(500);
    }
}

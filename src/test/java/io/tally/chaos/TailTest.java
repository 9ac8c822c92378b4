package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TailTest {
    private final Tail tail = new Tail(2, 1_000);

    @Test
    void shouldKnowTheLongestSilenceOfAnyPartition() {
        tail.note(List.of(0, 1), 1_100);
        tail.note(List.of(0), 1_500);
        tail.note(List.of(0, 0, 1), 1_600);

        assertThat(tail.longestSilence()).isEqualTo(500);
        assertThat(tail.count()).isEqualTo(6);
    }

    @Test
    void shouldForgetSilencesThatEndedBeforeTheMark() {
        tail.note(List.of(0, 1), 1_500);
        tail.mark();
        tail.note(List.of(0, 1), 1_600);

        assertThat(tail.longestSilence()).isEqualTo(100);
    }

    @Test
    void shouldNotFlowBeforeEachPartitionHasHadAnOutcomeSinceTheHeal() {
        // Given
        tail.note(List.of(0, 1), 1_100);
        tail.healed(1_200);
        assertThat(tail.flows()).isFalse();
        tail.note(List.of(0), 1_300);
        assertThat(tail.flows()).isFalse();

        // When
        tail.note(List.of(0, 1), 1_700);

        // Then
        assertThat(tail.flows()).isTrue();
        assertThat(tail.slowestAfterHeal()).isEqualTo(500);
    }
}

package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTest {
    private static final TopicPartition ONE = new TopicPartition("journal", 1);
    private static final TopicPartition TWO = new TopicPartition("journal", 2);

    private final RestoreProgress progress = new RestoreProgress(journal -> 0);

    @Test
    void shouldCountDownToNothing() {
        // Given
        progress.onRestoreStart(ONE, "ledger", 10, 110);
        progress.onRestoreStart(TWO, "ledger", 0, 5);
        assertThat(progress.partitions()).isEqualTo(2);
        assertThat(progress.offsetsLeft()).isEqualTo(105);

        // When
        progress.onBatchRestored(ONE, "ledger", 59, 50);
        progress.onRestoreEnd(TWO, "ledger", 5);

        // Then
        assertThat(progress.partitions()).isEqualTo(1);
        assertThat(progress.offsetsLeft()).isEqualTo(50);
        progress.onRestoreSuspended(ONE, "ledger", 50);
        assertThat(progress.partitions()).isZero();
        assertThat(progress.offsetsLeft()).isZero();
    }
}

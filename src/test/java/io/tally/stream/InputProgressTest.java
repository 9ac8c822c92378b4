package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InputProgressTest {
    private static final TopicPartition INPUT = new TopicPartition("transactions-in", 3);

    private long now = Duration.ofHours(-1).toNanos();

    private final InputProgress progress = new InputProgress(() -> now);

    @Test
    void shouldCountWhatIsNotDecided() {
        assertThat(progress.lags(Map.of(3, 10L, 1, 7L), partition -> partition == 3 ? 4L : 7L))
                .containsExactly(lag(1, 0, 0), lag(3, 6, 0));
    }

    @Test
    void shouldSayNothingOfAPartitionThatIsNotServed() {
        assertThat(progress.lags(Map.of(3, 10L, 1, 7L), partition -> partition == 3 ? null : 7L))
                .containsExactly(lag(1, 0, 0));
    }

    /** The committed offset may have been told after the end. */
    @Test
    void shouldNotCountBelowZero() {
        assertThat(lags(10, 12)).containsExactly(lag(3, 0, 0));
    }

    @Test
    void shouldStandWhileNothingIsDecided() {
        // Given
        lags(10, 4);
        pass(10);

        // Then
        assertThat(lags(20, 4)).containsExactly(lag(3, 16, 10));
        pass(10);
        assertThat(lags(20, 4)).containsExactly(lag(3, 16, 20));
        pass(10);
        assertThat(lags(20, 5)).containsExactly(lag(3, 15, 0));
        pass(10);
        assertThat(lags(20, 5)).containsExactly(lag(3, 15, 10));
    }

    @Test
    void shouldNotStandWhileThereIsNothingToDecide() {
        // Given
        lags(10, 10);
        pass(600);
        lags(10, 10);
        pass(10);

        // Then
        assertThat(lags(11, 10)).containsExactly(lag(3, 1, 10));
        pass(10);
        assertThat(lags(11, 11)).containsExactly(lag(3, 0, 0));
    }

    @Test
    void shouldBeginAnewWithAPartitionThatWasElsewhere() {
        // Given
        lags(10, 4);
        pass(60);
        progress.lags(Map.of(), partition -> null);
        pass(60);

        // Then
        assertThat(lags(10, 4)).containsExactly(lag(3, 6, 0));
    }

    @Test
    void shouldNotWaitForWhatWasPassedOver() {
        // Given: a record, its marker, and a transaction that was aborted.
        progress.polled(batch(7, 4, 5));
        progress.polled(batch(10));

        // Then
        assertThat(lags(10, 5)).containsExactly(lag(3, 5, 0));
        assertThat(lags(10, 6)).containsExactly(lag(3, 0, 0));
        assertThat(lags(12, 6)).containsExactly(lag(3, 2, 0));
        assertThat(lags(12, 12)).containsExactly(lag(3, 0, 0));
    }

    @Test
    void shouldNotWaitForWhatWasPassedOverBeforeAnyRecord() {
        // Given
        progress.polled(batch(10));

        // Then
        assertThat(lags(10, 0)).containsExactly(lag(3, 0, 0));
    }

    private List<InputLag> lags(long end, long committed) {
        return progress.lags(Map.of(3, end), partition -> committed);
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    private static InputLag lag(int partition, long records, long seconds) {
        return new InputLag(partition, records, Duration.ofSeconds(seconds));
    }

    private static ConsumerRecords<byte[], byte[]> batch(long next, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = LongStream.of(offsets)
                .mapToObj(offset ->
                        new ConsumerRecord<>(INPUT.topic(), INPUT.partition(), offset, new byte[0], new byte[0]))
                .toList();
        return new ConsumerRecords<>(
                records.isEmpty() ? Map.of() : Map.of(INPUT, records), Map.of(INPUT, new OffsetAndMetadata(next)));
    }
}

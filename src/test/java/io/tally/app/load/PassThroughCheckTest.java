package io.tally.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PassThroughCheckTest {
    private static final Workload WORKLOAD = new Workload(3, 4, false);
    private static final int COMMANDS = 10;

    private final PassThroughCheck check = new PassThroughCheck(WORKLOAD, COMMANDS);

    @Test
    void shouldAcceptEachCommandOnce() {
        // When
        LongStream.range(0, COMMANDS).forEach(this::take);

        // Then
        assertThat(check.contradictions()).isEmpty();
    }

    @Test
    void shouldTellWhatIsMissing() {
        // When
        LongStream.range(0, COMMANDS - 1).forEach(this::take);

        // Then
        assertThat(check.contradictions())
                .singleElement()
                .asString()
                .contains("10 copies")
                .contains("9");
    }

    @Test
    void shouldTellWhatCameTwiceAndWhatWasNeverSent() {
        // When
        LongStream.range(0, COMMANDS + 1).forEach(this::take);
        take(4);

        // Then
        assertThat(check.contradictions()).hasSize(2);
    }

    @Test
    void shouldTellOtherBytes() {
        // When
        LongStream.range(0, COMMANDS).forEach(command -> {
            byte[] value = WORKLOAD.json(command);
            if (command == 5) {
                value[value.length - 3]++;
            }
            check.take(new ConsumerRecord<>("copies", 0, command, WORKLOAD.key(command), value));
        });

        // Then
        assertThat(check.contradictions()).hasSize(2);
    }

    private void take(long command) {
        check.take(new ConsumerRecord<>("copies", 0, command, WORKLOAD.key(command), WORKLOAD.json(command)));
    }
}

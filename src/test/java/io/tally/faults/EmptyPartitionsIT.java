package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.CommandType;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyPartitionsIT {
    private final RecordedFailStop failStop = new RecordedFailStop();

    @TempDir
    Path directory;

    @Test
    void shouldStartAgainWhenSomePartitionsNeverGotARecord() {
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            StreamSettings settings = rig.settings("one", 8, Map.of());
            try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
                rig.deposit("ada", "10.50");
                rig.await(rig.topics().output(), 1);
                assertThat(ledger.counters().acceptedCount(CommandType.DEPOSIT)).isEqualTo(1);
            }

            // When
            try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
                rig.withdraw("ada", "10.50");
                rig.await(rig.topics().output(), 2);

                // Then
                assertThat(ledger.counters().acceptedCount(CommandType.WITHDRAW))
                        .isEqualTo(1);
            }
            assertThat(failStop.reasons()).isEmpty();
        }
    }
}

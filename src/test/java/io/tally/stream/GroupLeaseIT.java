package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.Balance;
import io.tally.gateway.Reply;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an instance says that no longer hears from the brokers. */
@Timeout(120)
class GroupLeaseIT {
    @TempDir
    Path directory;

    @Test
    void shouldSayNothingWhenOthersMayHaveTakenOver() {
        // Given
        try (LedgerRig rig = LedgerRig.start(directory)) {
            TestLedger test = new TestLedger(rig, "lease", 1);
            RecordedFailStop failStop = new RecordedFailStop();
            Reply<Balance> silence = new Reply.Unavailable<>("This instance has not heard from its group for too long");
            LedgerStreams ledger =
                    rig.startLedger(test.settings("one", Map.of("session.timeout.ms", "6000")), failStop);
            try {
                test.awaitOutcomeOf(test.depositTogether("ada").get(0));
                Awaitility.await().until(() -> test.balance(ledger, "ada").equals(TestLedger.found("ada", 1)));

                // When
                rig.close();

                // Then
                Awaitility.await()
                        .atMost(Duration.ofSeconds(12))
                        .until(() -> test.balance(ledger, "ada").equals(silence));
                assertThat(test.balance(ledger, "nobody")).isEqualTo(silence);
                // What it does in the end is not of interest: it must be silent long before.
                assertThat(failStop.reasons()).isEmpty();
            } finally {
                ledger.close();
            }
        }
    }
}

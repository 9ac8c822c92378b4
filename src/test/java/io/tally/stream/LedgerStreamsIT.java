package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Reply;
import io.tally.ledger.Account;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerStreamsIT {
    @TempDir
    Path directory;

    private final RecordedFailStop failStop = new RecordedFailStop();

    @Test
    void shouldDecideCommandsAndServeTheBalance() {
        try (LedgerRig rig = LedgerRig.start(directory);
                LedgerStreams ledger = rig.startLedger(rig.settings(), failStop)) {
            // Given
            rig.deposit("ada", "10.50");
            UUID overdraft = rig.withdraw("ada", "20");
            rig.withdraw("ada", "0.50");
            rig.send("ada", "{".getBytes(StandardCharsets.UTF_8));

            // When
            List<ConsumerRecord<byte[], byte[]>> outcomes =
                    rig.await(rig.topics().output(), 3);
            rig.await(rig.topics().deadLetters(), 1);

            // Then
            assertThat(outcomes).hasSize(3);
            assertThat(new String(outcomes.get(1).value(), StandardCharsets.UTF_8))
                    .contains(overdraft.toString(), "REJECTED", "INSUFFICIENT_FUNDS", "\"balance\":\"10.50\"");
            Reply<Balance> balance = new LedgerGateway(ledger).balance(new Account("ada", "USD"), null);
            assertThat(balance)
                    .isInstanceOfSatisfying(
                            Reply.Found.class,
                            found -> assertThat(((Balance) found.value()).minorUnits())
                                    .isEqualTo(1000));
        }
        assertThat(failStop.reasons()).isEmpty();
    }
}

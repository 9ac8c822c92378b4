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
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
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

    /** Readers wait for the position of whatever was acknowledged to them. */
    @Test
    void shouldPassWhatItDoesNotDecide() {
        try (LedgerRig rig = LedgerRig.start(directory);
                LedgerStreams ledger = rig.startLedger(rig.settings(), failStop)) {
            // Given
            String deposit = LedgerRig.command(UUID.randomUUID(), "DEPOSIT", "ada", "1");
            awaitPassed(ledger, sendAndWait(rig, deposit));

            for (String undecided : List.of("{", deposit)) {
                // When
                RecordMetadata sent = sendAndWait(rig, undecided);

                // Then
                awaitPassed(ledger, sent);
            }
            assertThat(rig.readAll(rig.topics().output())).hasSize(1);
            assertThat(rig.readAll(rig.topics().deadLetters())).hasSize(1);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static RecordMetadata sendAndWait(LedgerRig rig, String value) {
        return rig.sendAndWait(new ProducerRecord<>(
                rig.topics().input(), "ada".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void awaitPassed(LedgerStreams ledger, RecordMetadata sent) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .until(() -> ledger.committedInput(sent.partition()), next -> next != null && next > sent.offset());
    }
}

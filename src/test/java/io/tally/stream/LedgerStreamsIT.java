package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Position;
import io.tally.gateway.Reply;
import io.tally.ledger.Account;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(150)
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

    /** One instance's standby was active before the other came, the other's never was. */
    @Test
    void shouldAnswerFromTheActiveTaskOnly() {
        // Given
        try (LedgerRig rig = LedgerRig.start(directory)) {
            TestLedger test = new TestLedger(rig, "standby", 2);
            try (LedgerStreams one = rig.startLedger(withStandby(test.settings("one", Map.of())), failStop);
                    LedgerStreams two = rig.startLedger(withStandby(test.settings("two", Map.of())), failStop)) {
                // When
                await(() -> TestLedger.partitionsOf(one).size() == 1
                        && TestLedger.partitionsOf(two).size() == 1);
                for (int partition = 0; partition < 2; partition++) {
                    test.awaitOutcomeOf(test.depositTogether(test.userOf(partition, "user-"))
                            .get(0));
                }

                // Then
                int partitionOfOne = TestLedger.partitionsOf(one).get(0);
                assertAnswers(test, partitionOfOne, one, two);
                assertAnswers(test, 1 - partitionOfOne, two, one);
            }
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static void assertAnswers(TestLedger test, int partition, LedgerStreams active, LedgerStreams standby) {
        String user = test.userOf(partition, "user-");
        await(() -> test.balance(active, user).equals(TestLedger.found(user, 1)));
        await(() -> test.balance(standby, user)
                .equals(new Reply.Unavailable<>("The partition is not active here, or not restored")));
    }

    private static StreamSettings withStandby(StreamSettings settings) {
        return ChangedSettings.of(settings).standbys(1).build();
    }

    /** The stores of existing directories are opened on the calling thread first, which has no transaction. */
    @Test
    void shouldGoOnFromItsOwnDirectory() {
        // Given
        try (LedgerRig rig = LedgerRig.start(directory)) {
            TestLedger test = new TestLedger(rig, "again", 2);
            StreamSettings settings = test.settings("one", Map.of());
            String user = test.userOf(1, "user-");
            try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
                test.awaitOutcomeOf(test.depositTogether(user).get(0));
                await(() -> test.balance(ledger, user).equals(TestLedger.found(user, 1)));
            }

            // When: who has the position of the first deposit asks before anything else is committed.
            try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
                LedgerGateway afterTheFirst = new LedgerGateway(ledger).after(new Position(1, 0));
                await(() ->
                        afterTheFirst.balance(new Account(user, "USD"), null).equals(TestLedger.found(user, 1)));
                test.awaitOutcomeOf(test.depositTogether(user).get(0));

                // Then
                await(() -> test.balance(ledger, user).equals(TestLedger.found(user, 2)));
            }
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

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }
}

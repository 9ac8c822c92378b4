package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.Reply;
import io.tally.ledger.CommandType;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others see of a transaction that is open, and of one that can never commit. */
@Timeout(120)
class TransactionIT {
    @TempDir
    static Path directory;

    private static LedgerRig rig;

    private final RecordedFailStop failStop = new RecordedFailStop();

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        rig.close();
    }

    @Test
    void shouldNotShowTheWritesOfAnOpenTransaction() throws InterruptedException {
        // Given
        TestLedger test = new TestLedger(rig, "open", 1);
        String held = HeldSends.MARK + "open";
        try (LedgerStreams ledger = rig.startLedger(test.settings("one", HeldSends.settings()), failStop)) {
            test.awaitOutcomeOf(test.depositTogether("ada").get(0));
            Awaitility.await()
                    .atMost(LedgerRig.PATIENCE)
                    .until(() -> test.balance(ledger, "ada").equals(TestLedger.found("ada", 1)));

            // When
            UUID uid = test.depositTogether("ada", "eve", held).get(0);
            HeldSends.awaitReached(held);

            // Then: decided and sent, but not committed.
            assertThat(ledger.counters().acceptedCount(CommandType.DEPOSIT)).isEqualTo(3);
            assertThat(test.balance(ledger, "ada")).isEqualTo(TestLedger.found("ada", 1));
            assertThat(test.balance(ledger, "eve")).isEqualTo(new Reply.Absent<>());
            assertThat(test.outcomesOf(uid)).isZero();

            HeldSends.release(held);
            Awaitility.await()
                    .atMost(LedgerRig.PATIENCE)
                    .until(() -> test.balance(ledger, held).equals(TestLedger.found(held, 1)));
            assertThat(test.balance(ledger, "ada")).isEqualTo(TestLedger.found("ada", 2));
            assertThat(test.balance(ledger, "eve")).isEqualTo(TestLedger.found("eve", 1));
            assertThat(test.outcomesOf(uid)).isEqualTo(1);
        } finally {
            HeldSends.release(held);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    @Test
    void shouldWriteNothingOnceItIsFenced() {
        // Given: a stop that does not return, like the real one.
        TestLedger test = new TestLedger(rig, "fenced", 1);
        CountDownLatch end = new CountDownLatch(1);
        FailStop halting = (reason, cause) -> {
            failStop.stop(reason, cause);
            park(end);
        };
        try (LedgerStreams zombie = rig.startLedger(test.settings("one", Map.of()), halting)) {
            try {
                test.awaitOutcomeOf(test.depositTogether("ada").get(0));
                fence(transactionalIdOf("fenced"));

                // When
                UUID uid = test.depositTogether("ada", "eve").get(0);
                Awaitility.await()
                        .atMost(LedgerRig.PATIENCE)
                        .until(() -> !failStop.reasons().isEmpty());

                // Then
                assertThat(test.outcomes()).hasSize(1);
                assertThat(test.balance(zombie, "ada")).isEqualTo(TestLedger.found("ada", 1));
                assertThat(test.balance(zombie, "eve")).isEqualTo(new Reply.Absent<>());
                shouldDecideOnceAfterARestart(test, uid);
            } finally {
                end.countDown();
            }
        }
    }

    private static void shouldDecideOnceAfterARestart(TestLedger test, UUID uid) {
        RecordedFailStop failStop = new RecordedFailStop();
        StreamSettings elsewhere = asInstance("one", test.settings("two", Map.of()));
        try (LedgerStreams ledger = rig.startLedger(elsewhere, failStop)) {
            test.awaitOutcomeOf(uid);
            Awaitility.await()
                    .atMost(LedgerRig.PATIENCE)
                    .until(() -> test.balance(ledger, "eve").equals(TestLedger.found("eve", 1)));
            assertThat(test.balance(ledger, "ada")).isEqualTo(TestLedger.found("ada", 2));
            assertThat(test.outcomes()).hasSize(3);
            assertThat(test.outcomesOf(uid)).isEqualTo(1);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static String transactionalIdOf(String ledger) {
        try (Admin admin = rig.admin()) {
            return admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(ledger + "-"))
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError("Expected the ledger's transactional id", e);
        }
    }

    private static void fence(String transactionalId) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", rig.bootstrapServers(), "transactional.id", transactionalId);
        try (KafkaProducer<byte[], byte[]> usurper =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            usurper.initTransactions();
        }
    }

    /** The member id of one instance with the state directory of another: what a restart on another machine looks like. */
    private static StreamSettings asInstance(String instance, StreamSettings settings) {
        return ChangedSettings.of(settings).instance(instance).build();
    }

    private static void park(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

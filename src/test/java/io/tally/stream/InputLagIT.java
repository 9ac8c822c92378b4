package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of an input in which somebody else has a transaction. */
@Timeout(180)
class InputLagIT {
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
    void shouldShowWhatStandsBehindAnOpenTransaction() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "held", 1);
        try (LedgerStreams ledger = rig.startLedger(test.settings("one", Map.of()), failStop);
                KafkaProducer<byte[], byte[]> stranger = rig.transactional("held-up")) {
            test.awaitOutcomeOf(test.depositTogether("ada").get(0));
            awaitLag(ledger, 0);

            // When
            stranger.beginTransaction();
            send(stranger, test, "ada");
            List<UUID> behind = test.depositTogether("ada", "ada", "ada");
            awaitLag(ledger, 4);

            // Then: it rises, for Kafka's consumer there is nothing to read, and nothing is decided.
            Awaitility.await()
                    .atMost(LedgerRig.PATIENCE)
                    .until(() -> lag(ledger).standing().compareTo(Duration.ofSeconds(1)) > 0);
            assertThat(lag(ledger).records()).isEqualTo(4);
            assertThat(recordsLag(ledger)).isZero();
            assertThat(test.outcomes()).hasSize(1);

            stranger.commitTransaction();
            test.awaitOutcomeOf(behind.get(2));
            awaitLag(ledger, 0);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    /** Nobody commits an offset for it. */
    @Test
    void shouldNotWaitForATransactionThatWasAborted() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "given-up", 1);
        try (LedgerStreams ledger = rig.startLedger(test.settings("one", Map.of()), failStop);
                KafkaProducer<byte[], byte[]> stranger = rig.transactional("given-up")) {
            stranger.beginTransaction();
            send(stranger, test, "ada");
            awaitLag(ledger, 1);

            // When
            stranger.abortTransaction();

            // Then
            awaitLag(ledger, 0);
            assertThat(ledger.committedInput(0)).isZero();
        }

        // And after a start, when it is found at the end of the input
        try (LedgerStreams ledger = rig.startLedger(test.settings("one", Map.of()), failStop)) {
            awaitLag(ledger, 0);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static void awaitLag(LedgerStreams ledger, long records) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .untilAsserted(() -> assertThat(lag(ledger).records()).isEqualTo(records));
    }

    private static InputLag lag(LedgerStreams ledger) throws Exception {
        List<InputLag> lags = ledger.inputLags().get(10, TimeUnit.SECONDS);
        assertThat(lags).hasSize(1);
        return lags.get(0);
    }

    /** What Kafka's client says of the same partition. */
    private static double recordsLag(LedgerStreams ledger) {
        KafkaStreams[] streams = new KafkaStreams[1];
        ledger.measure(measured -> streams[0] = measured);
        return streams[0].metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("records-lag"))
                .filter(metric -> metric.metricName().tags().get("topic").endsWith("transactions-in"))
                .map(Metric::metricValue)
                .mapToDouble(Double.class::cast)
                .max()
                .orElseThrow();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, TestLedger test, String user) {
        byte[] command = DriverLedger.bytes(LedgerRig.command(UUID.randomUUID(), "DEPOSIT", user, "1"));
        var ignored = producer.send(new ProducerRecord<>(test.topics().input(), DriverLedger.bytes(user), command));
        producer.flush();
    }
}

package io.tally.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.TallyProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that goes, or stands still, and comes back: nothing that was committed is lost, and nothing stays open. */
class BrokerReturnIT {
    private static final Duration EXPIRY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(12);
    private static final int PRODUCERS = 16;

    /** The exit code of a JVM that was told to stop and did. */
    private static final int SIGTERM = 143;

    /** They lengthen the moment in which the broker has lost its leaders and does not know it yet. */
    private static final int OTHER_PARTITIONS = 300;

    /** How a broker goes. */
    enum End {
        KILL,
        STOP
    }

    @TempDir
    private Path folder;

    @Test
    void shouldComeBackAfterAKill() throws Exception {
        // Given
        int port = LoopbackPort.free();
        TestClients clients = new TestClients("127.0.0.1:" + port, "words");
        try (TallyProcess process = BrokerProcess.start(folder, port, folder.resolve("first.txt"));
                KafkaProducer<String, String> producer = clients.producer()) {
            process.awaitOutput(BrokerProcess.READY, PATIENCE);
            clients.createTopic();
            producer.initTransactions();
            clients.commit(producer, "one");
            process.kill();

            // When
            try (TallyProcess next = BrokerProcess.start(folder, port, folder.resolve("second.txt"))) {
                next.awaitOutput(BrokerProcess.READY, PATIENCE);

                // Then
                clients.commit(producer, "two");
                assertThat(clients.committed()).containsExactly("one", "two");
            }
        }
    }

    @Test
    void shouldEndTransactionsThatExpiredWhileItWasAway() throws Exception {
        // Given
        int port = LoopbackPort.free();
        TestClients clients = new TestClients("127.0.0.1:" + port, "words");
        long expiresAt;
        try (TallyProcess process = BrokerProcess.start(folder, port, folder.resolve("first.txt"))) {
            process.awaitOutput(BrokerProcess.READY, PATIENCE);
            clients.createTopic();
            clients.leaveOpen("gone", EXPIRY, "never committed");
            expiresAt = System.nanoTime() + EXPIRY.toNanos();
            process.kill();
        }
        Awaitility.await().until(() -> System.nanoTime() > expiresAt);

        // When
        try (TallyProcess next = BrokerProcess.start(folder, port, folder.resolve("second.txt"))) {
            next.awaitOutput(BrokerProcess.READY, PATIENCE);
            clients.commit("one");

            // Then: whoever reads what is committed is not held up for ever.
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(clients.committed()).containsExactly("one"));
        }
    }

    /** Their end is decided, and not yet written to where their records are: this is where Kafka 4.3 loses it (ADR 12). */
    @ParameterizedTest
    @EnumSource
    void shouldEndTransactionsThatItWasEndingWhenItWentAway(End end) throws Exception {
        // Given
        int port = LoopbackPort.free();
        TestClients clients = new TestClients("127.0.0.1:" + port, "words");
        try (TallyProcess process = BrokerProcess.start(folder, port, folder.resolve("first.txt"))) {
            process.awaitOutput(BrokerProcess.READY, PATIENCE);
            clients.createTopic();
            new TestClients(clients.bootstrapServers(), "others").createTopic(OTHER_PARTITIONS);
            BusyProducers busy = BusyProducers.start(clients, PRODUCERS);
            try (busy) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> busy.acknowledged().size() > 50 * PRODUCERS);
                assertThat(busy.failures()).isEmpty();
                switch (end) {
                    case KILL -> process.kill();
                    case STOP -> assertThat(process.terminate()).isEqualTo(SIGTERM);
                }
            }

            // When
            try (TallyProcess next = BrokerProcess.start(folder, port, folder.resolve("second.txt"))) {
                next.awaitOutput(BrokerProcess.READY, PATIENCE);
                busy.fence();

                // Then: whoever reads what is committed comes to the end, and misses nothing.
                Awaitility.await().atMost(PATIENCE).until(clients::nothingIsOpen);
                assertThat(clients.committed()).containsAll(busy.acknowledged()).doesNotHaveDuplicates();
            }
        }
    }

    /** As by Ctrl-Z, or in a frozen machine: to lose its leaders for a moment would again be where Kafka 4.3 loses the end of transactions. */
    @Test
    void shouldStayTheLeaderWhenItStoodStill() throws Exception {
        // Given
        int port = LoopbackPort.free();
        TestClients clients = new TestClients("127.0.0.1:" + port, "words");
        try (TallyProcess process = BrokerProcess.start(folder, port, folder.resolve("output.txt"))) {
            process.awaitOutput(BrokerProcess.READY, PATIENCE);
            clients.createTopic();
            clients.commit("one");
            int epoch = clients.leaderEpoch();

            // When
            process.pause();
            // The fault itself: for so long nothing runs there.
            Thread.sleep(PAUSE.toMillis());
            process.resume();
            clients.commit("two");

            // Then
            assertThat(clients.leaderEpoch()).isEqualTo(epoch);
            assertThat(clients.committed()).containsExactly("one", "two");
        }
    }
}

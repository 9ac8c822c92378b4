package io.tally.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.rig.TallyProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a start may take is held in {@code DevIT}; here others run beside. */
class EmbeddedBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void shouldServeTransactionsAndKeepEverythingAcrossARestart() throws Exception {
        // Given
        String clusterId;
        try (EmbeddedBroker broker = start()) {
            clusterId = broker.clusterId();
            TestClients clients = new TestClients(broker.bootstrapServers(), "words");
            clients.createTopic();
            clients.commit("one", "two");
        }

        // When
        try (EmbeddedBroker broker = start()) {
            TestClients clients = new TestClients(broker.bootstrapServers(), "words");
            clients.commit("three");

            // Then
            assertThat(clients.committed()).containsExactly("one", "two", "three");
            assertThat(broker.clusterId()).isEqualTo(clusterId);
            try (Admin admin = clients.admin()) {
                assertThat(admin.describeCluster().clusterId().get()).isEqualTo(clusterId);
            }
        }
    }

    @Test
    void shouldOfferTheSecondVersionOfTransactions() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = new TestClients(broker.bootstrapServers(), "any").admin()) {
            // When
            var features = admin.describeFeatures().featureMetadata().get().finalizedFeatures();

            // Then
            assertThat(features.get("transaction.version").maxVersionLevel()).isEqualTo((short) 2);
        }
    }

    @Test
    void shouldNameThePortThatIsTakenAndItsSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            int port = taken.getLocalPort();

            // When, Then
            assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBrokerConfig(broker(), port, 0)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContainingAll(Integer.toString(port), "TALLY_DEV_KAFKA_PORT");
            assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBrokerConfig(broker(), 0, port)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContainingAll(Integer.toString(port), "TALLY_DEV_CONTROLLER_PORT");
        }
    }

    @Test
    void shouldRefuseOnePortForBothListeners() {
        int port = LoopbackPort.free();
        assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBrokerConfig(broker(), port, port)))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll(Integer.toString(port), "TALLY_DEV_CONTROLLER_PORT");
    }

    @Test
    void shouldNameTheDirectoryAndTheProcessThatHasIt() throws Exception {
        try (TallyProcess process = BrokerProcess.start(folder, 0, folder.resolve("output.txt"))) {
            // Given
            process.awaitOutput(BrokerProcess.READY, PATIENCE);

            // When, Then
            assertThatThrownBy(this::start)
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContainingAll(broker().toString(), "process " + process.pid(), "TALLY_DATA_DIR");
        }
    }

    @Test
    void shouldRefuseASecondBrokerOfThisProcessInTheDirectory() {
        try (EmbeddedBroker broker = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContainingAll(broker().toString(), "in use");
            assertThat(broker.clusterId()).isNotEmpty();
        }
    }

    @Test
    void shouldRefuseTheDirectoryOfAnotherBroker() throws Exception {
        // Given
        Files.createDirectories(broker());
        Files.writeString(broker().resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=other\n");

        // When, Then
        assertThatThrownBy(this::start)
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll(broker().toString(), "another Kafka broker");
    }

    @Test
    void shouldRefuseADirectoryOfAnotherNode() throws Exception {
        // Given
        Files.createDirectories(broker().resolve("log"));
        Files.writeString(broker().resolve("log/meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");

        // When, Then
        assertThatThrownBy(this::start)
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll(broker().toString(), "node 7");
    }

    @Test
    void shouldNotFormatOverTopicsThatLostTheirClusterId() throws Exception {
        // Given
        Files.createDirectories(broker().resolve("log/transactions-in-0"));

        // When, Then
        assertThatThrownBy(this::start)
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll(broker().toString(), "no meta.properties");
    }

    @Test
    void shouldFormatAgainAfterAFormatThatWasInterrupted() throws Exception {
        // Given
        Files.createDirectories(broker().resolve("log"));
        Files.writeString(broker().resolve("log/bootstrap.checkpoint"), "half of it");

        // When
        try (EmbeddedBroker broker = start()) {
            // Then
            assertThat(broker.clusterId()).isNotEmpty();
        }
    }

    @Test
    void shouldSayWhyAStartFailedAndLeaveTheDirectoryFree() {
        // Given
        var impossible =
                new EmbeddedBrokerConfig(broker(), 0, 0, java.util.Map.of("log.cleaner.dedupe.buffer.size", "1"));

        // When, Then
        assertThatThrownBy(() -> EmbeddedBroker.start(impossible))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("log.cleaner.dedupe.buffer.size");
        try (EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(broker()));
    }

    private Path broker() {
        return folder.resolve("broker");
    }
}

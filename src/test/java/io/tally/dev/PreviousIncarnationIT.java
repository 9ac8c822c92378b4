package io.tally.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tally.rig.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a start ends that cannot fence the broker before it, and that the next one can: in one process, so whatever was left
 * open would be in the way. What it is for is in {@link BrokerReturnIT}.
 */
@Timeout(120)
class PreviousIncarnationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than the controller takes, once it is up, to say what its metadata have. */
    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private static Path used;

    @TempDir
    private Path folder;

    /** A broker is alive by its metadata when it is closed, too: it tells nobody. */
    @BeforeAll
    static void useABroker() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(used))) {
            TestClients clients = new TestClients(broker.bootstrapServers(), "words");
            clients.createTopic();
            clients.commit("one");
        }
    }

    @BeforeEach
    void copy() {
        Trees.copy(used, folder);
    }

    @Test
    void shouldFenceItForGoodOrGiveUp() {
        // When
        assertThatThrownBy(() -> fence(fencingNobody(), SOON))
                // Then
                .isInstanceOf(BrokerStartException.class)
                .hasMessage("The broker that had this directory before is not fenced after 2 s. Start again.");

        // When
        fence(controller(), PATIENCE);

        // Then: there is nobody left to be fenced.
        assertThatCode(() -> fence(fencingNobody(), SOON)).doesNotThrowAnyException();
        assertStarts();
    }

    @Test
    void shouldEndWhenItIsInterrupted() throws Exception {
        // Given
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread starting = new Thread(
                () -> {
                    failure.complete(catchThrowable(() -> fence(fencingNobody(), PATIENCE)));
                    interrupted.complete(Thread.currentThread().isInterrupted());
                },
                "starting");
        starting.start();
        Awaitility.await().atMost(PATIENCE).until(() -> isWaiting(starting));

        // When
        starting.interrupt();

        // Then
        assertThat(failure.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(BrokerStartException.class)
                .hasMessage("The start was interrupted");
        assertThat(interrupted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertFences();
    }

    /** The controller is up, and its metadata have a broker that is alive. */
    private static boolean isWaiting(Thread starting) {
        return Stream.of(starting.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(PreviousIncarnation.class.getName() + "$")
                        && frame.getMethodName().equals("await"));
    }

    /** Somebody may take it between the look whether it is free and the start. */
    @Test
    void shouldSayThatItsPortIsTaken() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(BrokerProperties.HOST))) {
            Properties properties = BrokerProperties.controller(log(), taken.getLocalPort());

            // When
            assertThatThrownBy(() -> fence(properties, PATIENCE))
                    // Then
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("The embedded broker could not start");
        }
        assertFences();
    }

    @Test
    void shouldSayThatItsDirectoryIsDamaged() throws IOException {
        // Given
        Path checkpoint = log().resolve("bootstrap.checkpoint");
        byte[] sound = Files.readAllBytes(checkpoint);
        Files.writeString(checkpoint, "half of it");

        // When
        assertThatThrownBy(this::start)
                // Then
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("The embedded broker could not start");
        Files.write(checkpoint, sound);
        assertFences();
    }

    /** As a start does it: where Kafka would end the process, an exception comes of it. */
    private static void fence(Properties properties, Duration patience) {
        FatalFaults.whileStarting(() -> PreviousIncarnation.fence(properties, patience));
    }

    /** The next one has the directory to itself. */
    private void assertFences() {
        assertThatCode(() -> fence(controller(), PATIENCE)).doesNotThrowAnyException();
    }

    /** A broker starts with everything that was there. */
    private void assertStarts() {
        try (EmbeddedBroker broker = start()) {
            TestClients clients = new TestClients(broker.bootstrapServers(), "words");
            clients.commit("two");
            assertThat(clients.committed()).containsExactly("one", "two");
        }
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder));
    }

    private Path log() {
        return folder.resolve("log");
    }

    private Properties controller() {
        return BrokerProperties.controller(log(), LoopbackPort.free());
    }

    /** With a session that does not end. */
    private Properties fencingNobody() {
        Properties properties = controller();
        properties.setProperty("broker.session.timeout.ms", Integer.toString(Integer.MAX_VALUE));
        return properties;
    }
}

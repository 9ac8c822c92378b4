package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.dev.DirectoryLock;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a newcomer has it: one command in an empty directory. */
@Tag("alone")
class DevIT {
    private static final Duration START = Duration.ofSeconds(10);
    /** Where a machine is so slow that this many times the program's {@code help} takes longer, it may take as long. */
    private static final int HELPS = 10;

    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, String> ports = freePorts();
    private final List<TallyProcess> processes = new ArrayList<>();

    @TempDir
    Path folder;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(folder.resolve("empty"));
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(TallyProcess::close);
    }

    @Test
    void shouldServeWithinSecondsAndKeepTheMoneyThroughKillAndStop() throws Exception {
        // Given
        TallyProcess first =
                startInTime("in an empty directory", () -> directory = Files.createTempDirectory(folder, "dev"));

        // When
        await().atMost(PATIENCE)
                .until(() -> balance("demo-ada").path("sequence").asLong() > 0);
        JsonNode outcome = deposit("10.50");

        // Then
        assertThat(outcome.path("status").asText()).isEqualTo("ACCEPTED");
        assertThat(outcome.path("balance").asText()).isEqualTo("10.50");
        assertThat(balance("42").path("balance").asText()).isEqualTo("10.50");

        first.kill();
        TallyProcess second = startInTime("after a kill", () -> directory);
        assertThat(balance("42").path("balance").asText()).isEqualTo("10.50");
        assertThat(deposit("0.50").path("balance").asText()).isEqualTo("11.00");

        assertThat(second.terminate()).isIn(0, 143);
        TallyProcess third = startDev(ports);
        awaitReady("after a stop", third);
        assertThat(balance("42").path("balance").asText()).isEqualTo("11.00");
        assertThat(third.restoredEntries()).isLessThan(10);
    }

    @Test
    void shouldSayWhichSettingToChangeWhenSomethingIsTaken() throws Exception {
        // Given
        Path another = Files.createDirectory(folder.resolve("another"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DirectoryLock lock = DirectoryLock.tryAcquire(directory.resolve("data/lock"))) {
            assertThat(lock).isNotNull();
            String takenPort = Integer.toString(taken.getLocalPort());

            // When
            String directoryTaken = refused(ports);
            directory = another;
            String kafkaPortTaken = refused(with(ports, "TALLY_DEV_KAFKA_PORT", takenPort));
            String httpPortTaken = refused(with(ports, "TALLY_HTTP_PORT", takenPort));

            // Then
            assertThat(directoryTaken).contains("TALLY_DATA_DIR");
            assertThat(kafkaPortTaken).contains("TALLY_DEV_KAFKA_PORT", takenPort);
            assertThat(httpPortTaken).contains("TALLY_HTTP_PORT", takenPort);
        }
    }

    private static Map<String, String> freePorts() {
        return Map.of(
                "TALLY_HTTP_PORT", Integer.toString(TallyProcess.freePort()),
                "TALLY_DEV_KAFKA_PORT", Integer.toString(TallyProcess.freePort()),
                "TALLY_DEV_CONTROLLER_PORT", Integer.toString(TallyProcess.freePort()));
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put(name, value);
        return changed;
    }

    private TallyProcess startDev(Map<String, String> settings) {
        return start(settings, "dev");
    }

    private TallyProcess start(Map<String, String> settings, String... arguments) {
        Path output = folder.resolve("output-" + processes.size() + ".txt");
        TallyProcess process = TallyProcess.startProgram(directory, output, settings, arguments);
        processes.add(process);
        return process;
    }

    /** Starts {@code dev}, again when the machine was too busy for the time that a start may take: the best of three counts. */
    private TallyProcess startInTime(String occasion, Callable<Path> nextDirectory) throws Exception {
        Duration inTime = Collections.max(List.of(START, helpTime().multipliedBy(HELPS)));
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            directory = nextDirectory.call();
            TallyProcess process = startDev(ports);
            if (awaitReady(occasion, process).compareTo(inTime) < 0) {
                return process;
            }
            process.kill();
        }
        throw new AssertionError("Expected dev to be ready within " + inTime.toSeconds() + " s " + occasion);
    }

    /** How long the machine takes now to start Java and do next to nothing. */
    private Duration helpTime() {
        long startedAt = System.nanoTime();
        start(Map.of(), "help").awaitExit(PATIENCE);
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private Duration awaitReady(String occasion, TallyProcess process) {
        Duration took = process.awaitAnswer(url("/health/ready"), PATIENCE);
        System.out.println("dev was ready " + took.toMillis() + " ms after its start " + occasion + ", "
                + process.restoredEntries() + " entries restored");
        return took;
    }

    /** Starts a {@code dev} that cannot run, and returns what it said, which must be one line and an exit code. */
    private String refused(Map<String, String> settings) {
        TallyProcess process = startDev(settings);
        assertThat(process.awaitExit(PATIENCE)).as(process.output()).isIn(1, 2);
        assertThat(process.output()).doesNotContain("\tat ", "Exception");
        List<String> said = process.output()
                .lines()
                .filter(line -> line.startsWith("tally: "))
                .toList();
        assertThat(said).hasSize(1);
        System.out.println(said.get(0));
        return said.get(0);
    }

    private JsonNode deposit(String amount) throws IOException {
        String servers = "127.0.0.1:" + ports.get("TALLY_DEV_KAFKA_PORT");
        TallyProcess send = start(Map.of("KAFKA_BOOTSTRAP_SERVERS", servers), "send", "deposit", "42", amount);
        assertThat(send.awaitExit(PATIENCE)).as(send.output()).isZero();
        return json.readTree(send.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow());
    }

    /** What the API says about the user's balance. */
    private JsonNode balance(String user) throws IOException, InterruptedException {
        HttpResponse<String> answer = TallyProcess.get(url("/v1/user/" + user + "/balance"));
        return json.readTree(answer.body());
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + ports.get("TALLY_HTTP_PORT") + path);
    }
}

package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.rig.TallyProcess;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance and another one that says of itself what address it likes. The first is a process of its own, which finds names in
 * a file alone.
 */
class ForwardingIT {
    private static final String PEER = "peer.example";

    /** More than there are threads for anything. */
    private static final int COMMANDS = 40;

    @TempDir
    private Path directory;

    private final RecordedFailStop failStop = new RecordedFailStop();
    private Path names;
    private LedgerRig rig;
    private LedgerStreams other;
    private TallyProcess process;
    private Api api;

    @BeforeEach
    void begin() throws Exception {
        rig = LedgerRig.start(directory);
        names = Files.writeString(directory.resolve("names"), "127.0.0.1 " + PEER + "\n");
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.kill();
        }
        if (other != null) {
            other.close();
        }
        rig.close();
        assertThat(failStop.reasons()).isEmpty();
    }

    /** Starts both, and waits until each has one of the two partitions. */
    private void start(String address, String... javaOptions) {
        StreamSettings settings = rig.settings("other", 2, Map.of("acceptable.recovery.lag", "1000000"));
        other = rig.startLedger(
                ChangedSettings.of(settings).address(address).standbys(1).build(), failStop);
        int port = TallyProcess.freePort();
        List<String> options = TallyProcess.shortLived("-Xmx" + TallyProcess.HEAP, "-Djdk.net.hosts.file=" + names);
        options.addAll(List.of(javaOptions));
        process = TallyProcess.startMain(
                TallyProcess.MAIN,
                options,
                directory.resolve("process.log"),
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        rig.bootstrapServers(),
                        "KAFKA_APPLICATION_ID",
                        LedgerRig.APPLICATION,
                        "KAFKA_ACCEPTABLE_RECOVERY_LAG",
                        "1000000",
                        "TALLY_STANDBY_REPLICAS",
                        "1",
                        "TALLY_DATA_DIR",
                        directory.resolve("process").toString(),
                        "TALLY_HTTP_PORT",
                        Integer.toString(port)),
                "serve");
        api = new Api(port);
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .ignoreExceptions()
                .failFast("the process ended", () -> !process.isAlive())
                .until(() -> partitionOf(true) >= 0 && partitionOf(false) >= 0);
    }

    /** The partition that the process serves itself, or the one that it knows to be the other's; -1 when there is none. */
    private int partitionOf(boolean served) {
        JsonNode partitions = json(api.get("/v1/cluster")).path("partitions");
        return StreamSupport.stream(partitions.spliterator(), false)
                .filter(partition -> partition.path("served").asBoolean() == served
                        && partition.path("owner").asText().equals("127.0.0.1:" + api.port()) == served)
                .filter(partition -> !partition.path("owner").isNull())
                .mapToInt(partition -> partition.path("partition").asInt())
                .findFirst()
                .orElse(-1);
    }

    private String userOf(boolean served) {
        int partition = partitionOf(served);
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "user-" + i)
                .filter(user -> other.partitionOf(user) == partition)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldSayThatNothingWasDoneWhereNobodyCanBe() {
        // Given
        start("127.0.0.1:65536");
        String user = userOf(false);
        String command = deposit(UUID.randomUUID(), user, "1");

        // When
        HttpResponse<String> write = api.post(command);
        HttpResponse<String> many = api.send("POST", "/v1/transactions", "[" + command + "]");
        HttpResponse<String> read = api.get("/v1/user/" + user + "/balance");

        // Then
        assertThat(code(json(write))).isEqualTo(ProblemCode.UNAVAILABLE.code());
        assertThat(code(json(many).path(0).path("problem"))).isEqualTo(ProblemCode.UNAVAILABLE.code());
        assertThat(code(json(read))).isEqualTo(ProblemCode.UNAVAILABLE.code());
    }

    private static String code(JsonNode problem) {
        return problem.path("code").asText();
    }

    /** It would see the callers' tokens. */
    @Test
    void shouldNotAskAProxy() throws Exception {
        // Given
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(
                    PEER + ":" + peer.getLocalPort(),
                    "-Dhttp.proxyHost=127.0.0.1",
                    "-Dhttp.proxyPort=" + proxy.getLocalPort());

            // When
            var unused = api.postLater(deposit(UUID.randomUUID(), userOf(false), "1"));

            // Then
            assertThat(requestLine(peer)).isEqualTo("POST /v1/transaction HTTP/1.1");
        }
    }

    private static String requestLine(ServerSocket server) throws IOException {
        server.setSoTimeout(20_000);
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(20_000);
            return in.readLine();
        }
    }

    /** A look-up of a name takes as long as the system likes, and no time-out ends it. */
    @Test
    void shouldAnswerWhatItDecidesItselfWhileNoNameIsFound() throws Exception {
        // Given: whoever opens a pipe waits for somebody to write into it.
        start(PEER + ":1", "-Dsun.net.inetaddr.ttl=0");
        String mine = userOf(true);
        String theirs = userOf(false);
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.move(pipe, names, StandardCopyOption.ATOMIC_MOVE);
        List<CompletableFuture<HttpResponse<String>>> passedOn = IntStream.range(0, COMMANDS)
                .mapToObj(i -> api.postLater(deposit(UUID.randomUUID(), theirs, "1")))
                .toList();

        // When
        List<HttpResponse<String>> decided = new ArrayList<>();
        do {
            decided.add(api.post(deposit(UUID.randomUUID(), mine, "1")));
        } while (!passedOn.stream().allMatch(CompletableFuture::isDone));

        // Then
        assertThat(decided).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(passedOn)
                .extracting(answer -> code(json(answer.join())))
                .as("what hung and what was never begun")
                .contains(ProblemCode.OUTCOME_UNKNOWN.code())
                .isSubsetOf(ProblemCode.OUTCOME_UNKNOWN.code(), ProblemCode.UNAVAILABLE.code());
    }
}

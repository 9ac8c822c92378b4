package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.CommandGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.InstanceAddress;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance that ends while many wait for it: each of them gets an answer, and one that is true. The other instance of the
 * ledger is one that takes requests and never answers.
 */
class StopIT {
    private static final int CLIENTS = 40;

    /** What tells one from another: a look-up, or the uid of a command. */
    private static final Pattern REQUEST = Pattern.compile("^GET |\"uid\":\"[0-9a-f-]{36}\"");

    @TempDir
    private Path directory;

    private final RecordedFailStop failStop = new RecordedFailStop();
    private LedgerRig rig;
    private ServerSocket deaf;
    private LedgerStreams other;
    private LedgerStreams ledger;
    private CommandGateway commands;
    private OutcomeFeed feed;
    private HttpServer server;
    private Api api;

    @BeforeEach
    void start() throws Exception {
        rig = LedgerRig.start(directory);
        deaf = new ServerSocket(0, 2 * CLIENTS, InetAddress.getLoopbackAddress());
        other = rig.startLedger(settings("other", "127.0.0.1:" + deaf.getLocalPort()), failStop);
        ledger = rig.startLedger(settings("one", "127.0.0.1:1"), failStop);
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> owned().containsAll(List.of(true, false)));
        LedgerGateway reads = new LedgerGateway(ledger);
        Map<String, String> kafka = rig.settings().kafka();
        commands = new CommandGateway(ledger, reads, kafka, rig.topics().input());
        feed = new OutcomeFeed(kafka, rig.topics().output(), 2);
        server = HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, commands, feed);
        api = new Api(server.port());
    }

    private StreamSettings settings(String name, String address) {
        StreamSettings settings = rig.settings(name, 2, Map.of("acceptable.recovery.lag", "1000000"));
        return ChangedSettings.of(settings).address(address).standbys(1).build();
    }

    /** Of each partition whether this instance, and not the deaf one, answers for it. */
    private List<Boolean> owned() {
        return IntStream.range(0, 2)
                .mapToObj(
                        partition -> ledger.committedInput(partition) != null && ledger.otherOwnerOf(partition) == null)
                .toList();
    }

    @AfterEach
    void stop() throws Exception {
        end();
        other.close();
        deaf.close();
        rig.close();
        assertThat(failStop.reasons()).isEmpty();
    }

    /** As the service does. */
    private void end() {
        ledger.close();
        commands.stopWaiting();
        server.close();
        feed.close();
        commands.close();
    }

    @Test
    void shouldTellThoseWhoseRequestsWerePassedOnThatNothingIsKnown() throws Exception {
        // Given: requests that another instance has and does not answer.
        String user = userOf(new InstanceAddress("127.0.0.1", deaf.getLocalPort()));
        List<CompletableFuture<HttpResponse<String>>> writes = IntStream.range(0, CLIENTS)
                .mapToObj(i -> api.postLater(deposit(UUID.randomUUID(), user, "1")))
                .toList();
        var read = api.sendLater("GET", "/v1/user/" + user + "/balance", null);
        takeRequests(CLIENTS + 1);

        // When
        end();

        // Then
        assertThat(writes)
                .map(CompletableFuture::join)
                .allSatisfy(answer ->
                        assertThat(json(answer).path("code").asText()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN.code()));
        assertThat(json(read.join()).path("code").asText()).isEqualTo(ProblemCode.UNAVAILABLE.code());
    }

    /** A proxy between two instances, for example, has passed the request on and then lost patience. */
    @Test
    void shouldNotTakeAnAnswerFromBetweenForOneOfTheInstance() throws Exception {
        assertTold(ProblemCode.OUTCOME_UNKNOWN, 504);
        assertTold(ProblemCode.OUTCOME_UNKNOWN, 404);
        assertTold(ProblemCode.UNAVAILABLE, 421);
    }

    private void assertTold(ProblemCode code, int status) throws Exception {
        // Given
        String user = userOf(new InstanceAddress("127.0.0.1", deaf.getLocalPort()));
        var write = api.postLater(deposit(UUID.randomUUID(), user, "1"));

        // When
        try (Socket socket = deaf.accept()) {
            request(socket);
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + " Whatever\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            // Then
            assertThat(json(write.join()).path("code").asText())
                    .as("after %s", status)
                    .isEqualTo(code.code());
        }
    }

    /** The server's library fails on such a charset as soon as it is asked for a parameter. */
    @Test
    void shouldPassOnACommandWhoseCharsetIsNone() throws Exception {
        // Given
        String user = userOf(new InstanceAddress("127.0.0.1", deaf.getLocalPort()));
        deaf.setSoTimeout((int) LedgerRig.PATIENCE.toMillis());

        // When
        var write = api.postLater(deposit(UUID.randomUUID(), user, "1"), "Content-Type", "application/json; charset");
        var taken = CompletableFuture.runAsync(this::hangUp);

        // Then
        assertThat(json(write.join()).path("code").asText()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN.code());
        taken.join();
    }

    /** Takes one request, and does not answer. */
    private void hangUp() {
        try (Socket socket = deaf.accept()) {
            request(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String userOf(InstanceAddress owner) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "user-" + i)
                .filter(user -> owner.equals(ledger.otherOwnerOf(ledger.partitionOf(user))))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until this many different requests have come, and answers none. */
    private void takeRequests(int count) throws IOException {
        Set<String> taken = new HashSet<>();
        while (taken.size() < count) {
            taken.add(request(deaf.accept()));
        }
    }

    /** Reads until it is known which request it is. */
    private static String request(Socket socket) throws IOException {
        socket.setSoTimeout((int) LedgerRig.PATIENCE.toMillis());
        InputStream in = socket.getInputStream();
        StringBuilder request = new StringBuilder();
        Matcher which = REQUEST.matcher(request);
        while (!which.reset().find()) {
            request.append((char) in.read());
        }
        return which.group();
    }

    @Test
    void shouldSendClientsAwayThatKeepAsking() {
        // Given: clients that ask again as soon as they have their answer, on connections that they keep.
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> CompletableFuture.completedFuture((Void) null)
                        .thenComposeAsync(ignored -> askUntilNobodyListens("asking-" + i, answers)))
                .toList();
        Awaitility.await().until(() -> answers.getOrDefault("200", 0) > 5 * CLIENTS);

        // When
        end();

        // Then
        clients.forEach(CompletableFuture::join);
        System.out.println("Answers while it stopped: " + answers);
        assertThat(answers.keySet()).contains("200", "503").isSubsetOf("200", "202", "503");
    }

    private CompletableFuture<Void> askUntilNobodyListens(String user, Map<String, Integer> answers) {
        return api.postLater(deposit(UUID.randomUUID(), user, "1"))
                .handle((answer, failure) -> {
                    if (failure == null) {
                        answers.merge(Integer.toString(answer.statusCode()), 1, Integer::sum);
                        return askUntilNobodyListens(user, answers);
                    }
                    boolean nobody =
                            failure instanceof CompletionException && failure.getCause() instanceof ConnectException;
                    if (!nobody) {
                        answers.merge(failure.toString(), 1, Integer::sum);
                    }
                    return CompletableFuture.<Void>completedFuture(null);
                })
                .thenCompose(next -> next);
    }
}

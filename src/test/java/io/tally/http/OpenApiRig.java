package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.http.ApiContract.Operation;
import io.tally.rig.Accidents;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.Attempt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where the calls of the API's description go: two ledgers on one broker, and a server for each state that answers can come
 * from.
 */
final class OpenApiRig implements AutoCloseable {
    private static final String SCRATCH = "scratch";

    private final RecordedFailStop failStop = new RecordedFailStop();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    /** Closed in the opposite order, after the ledgers. */
    private final List<AutoCloseable> parts = new ArrayList<>();

    private final Path directory;
    private final LedgerRig broker;
    private final LedgerStreams ledger;
    private final LedgerStreams strictLedger;
    private final HttpServer server;
    private final Api api;
    private final Api guarded;
    private final Api slow;
    private final Api lost;
    private final Api strict;

    /** @param directory for all that is kept on disk */
    OpenApiRig(Path directory) throws Exception {
        this.directory = directory;
        broker = LedgerRig.start(directory);
        try (var admin = broker.admin()) {
            new Accidents(admin).create(SCRATCH, 2);
        }
        ledger = broker.startLedger(broker.settings(), failStop);
        LedgerGateway reads = new LedgerGateway(ledger);
        StreamSettings settings = broker.settings();
        CommandGateway commands = commands(ledger, reads, settings.topics().input());
        OutcomeFeed feed =
                closing(new OutcomeFeed(settings.kafka(), settings.topics().output(), 2));
        WebhookTopics.of("").createMissing(settings.kafka(), settings.topics().output());
        Operations operations = operations(ledger, settings);
        server = serve(reads, commands, feed, operations, null);
        api = new Api(server.port());
        guarded = new Api(serve(reads, commands, feed, operations, tokens()).port());
        slow = new Api(
                serve(reads, commands(ledger, reads, SCRATCH), feed, null, null).port());
        lost = new Api(serve(reads, commands(ledger, reads, "no-such-topic"), feed, null, null)
                .port());
        StreamSettings strictSettings = ChangedSettings.of(broker.settingsOf("strict", "strict", 2, Map.of()))
                .ledger(new StreamSettings.NewLedger(2, (short) 1, 1, "USD", true))
                .build();
        strictLedger = broker.startLedger(strictSettings, failStop);
        strict = new Api(serveStrict(strictSettings).port());
    }

    private HttpServer serveStrict(StreamSettings settings) {
        LedgerGateway reads = new LedgerGateway(strictLedger);
        StreamSettings nowhere = ChangedSettings.of(settings)
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .build();
        return serve(
                reads,
                closing(new CommandGateway(
                        strictLedger, reads, settings.kafka(), settings.topics().input())),
                closing(new OutcomeFeed(nowhere.kafka(), settings.topics().output(), 2)),
                operations(strictLedger, nowhere),
                null);
    }

    private CommandGateway commands(LedgerStreams of, LedgerGateway reads, String topic) {
        return closing(new CommandGateway(of, reads, Map.of("bootstrap.servers", broker.bootstrapServers()), topic));
    }

    private Operations operations(LedgerStreams of, StreamSettings settings) {
        return new Operations(
                closing(new ClusterGateway(of, settings)),
                closing(new DeadLetterGateway(
                        settings.kafka(), settings.topics().deadLetters())),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                false,
                Console.ON,
                webhooks(settings));
    }

    /** Endpoints that take every test event. */
    private WebhookGateway webhooks(StreamSettings settings) {
        WebhookRegistry registry = closing(WebhookRegistry.start(
                settings.kafka(), WebhookTopics.of(settings.topicPrefix()), settings.applicationId()));
        return closing(new WebhookGateway(
                registry,
                settings,
                2,
                url -> null,
                endpoint -> CompletableFuture.completedFuture(new Attempt(1, 200, 5, null, "ok"))));
    }

    private HttpServer serve(
            LedgerGateway reads, CommandGateway commands, OutcomeFeed feed, Operations operations, ApiTokens tokens) {
        return closing(
                HttpServer.start(new ListenAddress("127.0.0.1", 0, tokens, false), reads, commands, feed, operations));
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.add(part);
        return part;
    }

    /** The services that {@link #guarded} knows: for each call one that may call once in a second, named by its id. */
    ApiTokens tokens() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String scope : List.of("read", "write")) {
            lines.append(sha256(scope)).append(' ').append(scope).append('\n');
        }
        for (Operation operation : new ApiContract().operations()) {
            lines.append(sha256("limited " + operation.id())).append(" read,write,admin 1\n");
        }
        return ApiTokens.load(Files.writeString(directory.resolve("tokens"), lines));
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    LedgerRig broker() {
        return broker;
    }

    HttpServer server() {
        return server;
    }

    Api api() {
        return api;
    }

    /** A ledger with tokens; a token's text is its scopes. */
    Api guarded() {
        return guarded;
    }

    /** A ledger whose commands nobody decides. */
    Api slow() {
        return slow;
    }

    /** A ledger whose brokers do not acknowledge. */
    Api lost() {
        return lost;
    }

    /** A ledger with registration and without Kafka for anything but commands and look-ups. */
    Api strict() {
        return strict;
    }

    /** Threads for clients that wait. */
    ExecutorService clients() {
        return clients;
    }

    /** Ends the ledger of {@link #strict}, whose server stays. */
    void stopStrictLedger() {
        strictLedger.close();
    }

    @Override
    public void close() throws Exception {
        ledger.close();
        strictLedger.close();
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
        broker.close();
        clients.shutdownNow();
        assertThat(failStop.reasons()).isEmpty();
    }
}

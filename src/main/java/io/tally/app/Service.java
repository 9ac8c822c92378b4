package io.tally.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.http.HttpServer;
import io.tally.http.ListenAddress;
import io.tally.http.Operations;
import io.tally.stream.FailStop;
import io.tally.stream.LedgerStart;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** The ledger of one instance with its HTTP API. */
final class Service implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final LedgerStreams ledger;
    private final CommandGateway commands;
    private final OutcomeFeed feed;
    private final ClusterGateway cluster;
    private final DeadLetterGateway deadLetters;
    private final Webhooks webhooks;
    private final HttpServer http;
    private final ProcessMetrics metrics;
    private final InputMetrics input;

    private Service(
            LedgerStreams ledger,
            CommandGateway commands,
            OutcomeFeed feed,
            ClusterGateway cluster,
            DeadLetterGateway deadLetters,
            Webhooks webhooks,
            HttpServer http,
            ProcessMetrics metrics,
            InputMetrics input) {
        this.metrics = metrics;
        this.input = input;
        this.webhooks = webhooks;
        this.cluster = cluster;
        this.deadLetters = deadLetters;
        this.ledger = ledger;
        this.commands = commands;
        this.feed = feed;
        this.http = http;
    }

    /**
     * Checks the ledger, starts it and returns at once. The HTTP API answers from then on, if only that it is not ready.
     *
     * @throws io.tally.stream.StartRefusedException if a check fails
     */
    static Service start(TallyConfig config) {
        ListenAddress address = new ListenAddress(
                config.http().host(),
                config.http().port(),
                config.http().tokens(),
                config.http().allowAnonymous(),
                config.http().tls());
        int brokers;
        try (KafkaProbe probe = KafkaProbe.connect(config.kafka())) {
            brokers = probe.brokers();
        }
        StreamSettings settings = settings(config, brokers);
        LedgerStreams ledger =
                new LedgerStart(settings, FailStop.haltingProcess()).run(() -> Webhooks.requireTopics(settings));
        try {
            return start(address, settings, ledger, config);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private static Service start(
            ListenAddress address, StreamSettings settings, LedgerStreams ledger, TallyConfig config) {
        LedgerGateway reads = new LedgerGateway(ledger);
        CommandGateway commands = new CommandGateway(
                ledger, reads, settings.kafka(), settings.topics().input());
        OutcomeFeed feed = new OutcomeFeed(
                settings.kafka(), settings.topics().output(), ledger.settings().partitions());
        ClusterGateway cluster = new ClusterGateway(ledger, settings);
        DeadLetterGateway deadLetters =
                new DeadLetterGateway(settings.kafka(), settings.topics().deadLetters());
        PrometheusMeterRegistry metrics = ProcessMetrics.registry();
        Webhooks webhooks = null;
        try {
            webhooks =
                    Webhooks.start(config.webhook(), settings, ledger.settings().partitions(), metrics);
            LedgerMetrics.register(ledger, metrics);
            ProcessMetrics process = ProcessMetrics.register(ledger, settings.stateDirectory(), metrics);
            Operations operations = new Operations(
                    cluster,
                    deadLetters,
                    metrics,
                    config.http().accessLog(),
                    config.http().console(),
                    webhooks.gateway());
            return new Service(
                    ledger,
                    commands,
                    feed,
                    cluster,
                    deadLetters,
                    webhooks,
                    HttpServer.start(address, reads, commands, feed, operations),
                    process,
                    InputMetrics.register(ledger, metrics));
        } catch (RuntimeException e) {
            if (webhooks != null) {
                webhooks.close();
            }
            deadLetters.close();
            cluster.close();
            commands.close();
            throw e;
        }
    }

    private static StreamSettings settings(TallyConfig config, int brokers) {
        LedgerConfig ledger = config.ledger();
        return new StreamSettings(
                config.kafka().settings(),
                config.kafka().applicationId(),
                ledger.topicPrefix(),
                config.stateDirectory(),
                config.applicationServer(),
                Objects.requireNonNull(config.kafka().groupInstanceId(), "the data directory was claimed"),
                config.processing().streamThreads(),
                config.processing().standbyReplicas(),
                (long) config.processing().storeMemoryMb() << 20,
                (long) config.processing().minFreeDiskMb() << 20,
                ledger.newLedger(brokers));
    }

    /** Waits until it answers; false when it does not in this time. */
    boolean awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!ledger.isRunning()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    /** The port of the HTTP API, also when any free one was asked for. */
    int httpPort() {
        return http.port();
    }

    /** Stops webhooks, then the ledger, so that what it still commits is answered; then everybody else gets an answer. */
    @Override
    public void close() {
        // It asks the ledger's client of the brokers.
        input.close();
        // What the ledger still commits is told after the next start: nothing is lost, and nobody waits for it here.
        webhooks.close();
        ledger.close();
        commands.stopWaiting();
        http.close();
        feed.close();
        deadLetters.close();
        cluster.close();
        commands.close();
        // Last: as long as anybody can ask, they tell of a ledger that does not come to an end.
        metrics.close();
    }
}

package io.tally.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.app.ServiceParts.Part;
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
    private final HttpServer http;
    private final ServiceParts parts;

    private Service(LedgerStreams ledger, HttpServer http, ServiceParts parts) {
        this.ledger = ledger;
        this.http = http;
        this.parts = parts;
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
        ServiceParts parts = new ServiceParts();
        parts.add(Part.LEDGER, ledger::close);
        try {
            return new Service(ledger, serve(address, settings, ledger, config, parts), parts);
        } catch (RuntimeException e) {
            closeAfter(e, parts);
            throw e;
        }
    }

    /** Starts what is around the ledger. Each part is registered as soon as there is something to close. */
    private static HttpServer serve(
            ListenAddress address,
            StreamSettings settings,
            LedgerStreams ledger,
            TallyConfig config,
            ServiceParts parts) {
        LedgerGateway reads = new LedgerGateway(ledger);
        CommandGateway commands = new CommandGateway(
                ledger, reads, settings.kafka(), settings.topics().input());
        parts.add(Part.WAITING_CALLERS, commands::stopWaiting);
        parts.add(Part.COMMANDS, commands::close);
        OutcomeFeed feed = new OutcomeFeed(
                settings.kafka(), settings.topics().output(), ledger.settings().partitions());
        parts.add(Part.FEED, feed::close);
        ClusterGateway cluster = new ClusterGateway(ledger, settings);
        parts.add(Part.CLUSTER, cluster::close);
        DeadLetterGateway deadLetters =
                new DeadLetterGateway(settings.kafka(), settings.topics().deadLetters());
        parts.add(Part.DEAD_LETTERS, deadLetters::close);
        PrometheusMeterRegistry metrics = ProcessMetrics.registry();
        Webhooks webhooks =
                Webhooks.start(config.webhook(), settings, ledger.settings().partitions(), metrics);
        parts.add(Part.WEBHOOKS, webhooks::close);
        LedgerMetrics.register(ledger, metrics);
        ProcessMetrics process = ProcessMetrics.register(ledger, settings.stateDirectory(), metrics);
        parts.add(Part.PROCESS_METRICS, process::close);
        Operations operations = new Operations(
                cluster,
                deadLetters,
                metrics,
                config.http().accessLog(),
                config.http().console(),
                webhooks.gateway());
        HttpServer http = HttpServer.start(address, reads, commands, feed, operations);
        parts.add(Part.HTTP, http::close);
        InputMetrics input = InputMetrics.register(ledger, metrics);
        parts.add(Part.INPUT_METRICS, input::close);
        return http;
    }

    /** Why the start failed is what counts; what fails while it is undone is said beside it. */
    private static void closeAfter(RuntimeException failure, ServiceParts parts) {
        try {
            parts.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
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
        parts.close();
    }
}

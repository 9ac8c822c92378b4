package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.LedgerSettings;
import io.tally.store.LedgerQuery;
import io.tally.store.LedgerStore;
import io.tally.store.Reading;
import io.tally.store.StoreFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running ledger of this process. Thread-safe. */
public final class LedgerStreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerStreams.class);

    private final KafkaStreams streams;
    private final LedgerParts parts;
    private final ClientParts clients;
    private final String id;
    private final Watchdog watchdog;
    private final InputEnds inputEnds;
    private final DiskFloor disk;
    private final Owners owners;
    private final RestoreProgress restoring;
    private volatile Instant stateSince = Instant.now();
    private volatile boolean wasRunning;
    private volatile boolean closing;

    LedgerStreams(KafkaStreams streams, LedgerParts parts, ClientParts clients, String id, StreamSettings settings) {
        String inputTopic = settings.topics().input();
        this.streams = streams;
        this.parts = parts;
        this.restoring = new RestoreProgress(
                journal -> parts.stores().storeOf(journal.partition()).restoredEntries());
        this.clients = clients;
        this.id = id;
        this.watchdog = new Watchdog(clients.lease(), clients.failStop());
        this.inputEnds = new InputEnds(settings.kafka(), inputTopic);
        this.disk = new DiskFloor(settings.stateDirectory(), settings.minFreeDiskBytes());
        this.owners = new Owners(streams, settings.applicationServer(), inputTopic);
    }

    /** Begins to decide, and to watch over it. */
    void start() {
        streams.setUncaughtExceptionHandler(failure -> {
            clients.failStop().stop("a stream thread died", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setGlobalStateRestoreListener(restoring);
        streams.setStateListener((now, before) -> {
            log.info("Kafka Streams went from {} to {}", before, now);
            stateSince = Instant.now();
            wasRunning |= now == KafkaStreams.State.RUNNING;
        });
        streams.start();
        watchdog.start();
    }

    /** Tells this ledger from all others: the id of its journal's topic. */
    public String id() {
        return id;
    }

    /** This instance, or null when others cannot reach it. */
    public @Nullable InstanceAddress self() {
        return owners.self();
    }

    /**
     * The other instance that answers for a partition, as far as this one has heard.
     *
     * @return null when it is this one, or nobody, or not known as partitions are moving
     */
    public @Nullable InstanceAddress otherOwnerOf(int partition) {
        return owners.otherOwnerOf(partition);
    }

    /** What the ledger was made with. */
    public LedgerSettings settings() {
        return parts.settings();
    }

    /** The currency table that it was made with. */
    public CurrencyTable currencies() {
        return parts.currencies();
    }

    /** Those who wait for decisions of this process. */
    public Waiters waiters() {
        return parts.transactions().waiters();
    }

    /** What became of the records so far. */
    public LedgerCounters counters() {
        return parts.counters();
    }

    /** From now on this one hears of commits, and no other. */
    public void onCommit(CommitListener listener) {
        parts.transactions().onCommit(listener);
    }

    /** How large the stores are. */
    public StoreFigures storeFigures() {
        return parts.stores().figures();
    }

    /** Partitions that are being restored, standbys not among them. */
    public int restoringPartitions() {
        return restoring.partitions();
    }

    /** Journal offsets that are still to be read before all partitions are restored. */
    public long restoringOffsetsLeft() {
        return restoring.offsetsLeft();
    }

    /** Lends Kafka Streams to who reads its measurements, and nothing else. */
    public void measure(Consumer<KafkaStreams> meter) {
        meter.accept(streams);
    }

    /** The partition that a user's records belong to. */
    public int partitionOf(String userId) {
        return parts.partitions().of(userId);
    }

    /** The offset behind the last record of an input partition; fails when the brokers do not say within 2 s. */
    public CompletableFuture<Long> inputEnd(int partition) {
        return inputEnds.of(partition);
    }

    /**
     * How far behind this instance is in each input partition that it answers for, ascending; fails when the brokers do not
     * say within 2 s. How long a partition stands is as exact as these calls are close.
     */
    public CompletableFuture<List<InputLag>> inputLags() {
        List<Integer> served = IntStream.range(0, parts.settings().partitions())
                .filter(partition -> committedInput(partition) != null)
                .boxed()
                .toList();
        return inputEnds.of(served).thenApply(ends -> clients.progress().lags(ends, this::committedInput));
    }

    /** Whether all of this instance's tasks are restored and running now. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /**
     * Whether this instance has run once, is not stopping, and has room on its disk; it stays so through rebalances.
     */
    public boolean isReady() {
        return wasRunning && !closing && streams.state().isRunningOrRebalancing() && disk.holds();
    }

    /** How this instance is now. */
    public InstanceStatus status() {
        return new InstanceStatus(streams.state().name(), isReady(), stateSince);
    }

    /** The instances of the ledger that have an address, as far as this one knows; none while it starts or stops. */
    public List<LedgerInstance> instances() {
        return owners.all();
    }

    /** The first input offset of a partition that is not in its committed state, or null when it is not served here. */
    public @Nullable Long committedInput(int partition) {
        LedgerStore store = parts.stores().find(partition);
        return store == null || !streams.state().isRunningOrRebalancing() ? null : store.committedInput();
    }

    /** Asks the committed state of a partition. Never waits for the stream thread. */
    public <R> Reading<R> ask(int partition, LedgerQuery<R> query) {
        if (!clients.lease().holds()) {
            return new Reading.Refused<>("This instance has not heard from its group for too long");
        }
        if (!streams.state().isRunningOrRebalancing()) {
            return new Reading.Refused<>("The ledger is starting or stopping");
        }
        LedgerStore store = parts.stores().find(partition);
        return store == null ? new Reading.Refused<>("The partition is not here") : store.ask(query);
    }

    /** Stops: commits what is decided, and keeps the bookmark. Waits for up to 35 seconds. */
    @Override
    public void close() {
        closing = true;
        watchdog.close();
        inputEnds.close();
        if (!streams.close(Duration.ofSeconds(30))) {
            log.warn("Kafka Streams did not stop within 30 s; the next start restores a little more");
        }
        parts.transactions().awaitStores(Duration.ofSeconds(5));
    }
}

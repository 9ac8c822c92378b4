package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.AuditReport;
import io.tally.audit.AuditedTopics;
import io.tally.audit.History;
import io.tally.audit.LedgerAudit;
import io.tally.audit.Records;
import io.tally.rig.TallyProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A broker and instances of the service, each a process of its own, in one directory. */
public final class LedgerCluster implements AutoCloseable {
    public static final int PARTITIONS = 4;

    /**
     * Settings of instances that share the partitions. Kafka Streams moves partitions at once, and not after minutes as a
     * standby; one that died is given up soon. Its transaction may stay open for a minute: nobody must wait for that.
     */
    public static final Map<String, String> SHARED = Map.of(
            "TALLY_STANDBY_REPLICAS", "1",
            "KAFKA_ACCEPTABLE_RECOVERY_LAG", "1000000",
            "KAFKA_SESSION_TIMEOUT_MS", "6000");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String INPUT = "transactions-in";
    private static final String GROUP = "tally";
    private static final String JOURNAL = "tally-ledger-changelog";

    private final Path directory;
    private final int kafkaPort = TallyProcess.freePort();
    private final String bootstrapServers;
    private final String heap;
    private final Map<String, Integer> httpPorts = new ConcurrentHashMap<>();
    private final Balances balances = new Balances(this);
    private final Map<String, TallyProcess> instances = new ConcurrentHashMap<>();
    private @Nullable TallyProcess broker;
    private final AtomicInteger starts = new AtomicInteger();

    private String ledgerId;

    LedgerCluster(Path directory) {
        this.directory = directory;
        this.bootstrapServers = "127.0.0.1:" + kafkaPort;
        this.heap = TallyProcess.HEAP;
        this.broker = startBroker();
    }

    private LedgerCluster(Path directory, String bootstrapServers, String heap) {
        this.directory = directory;
        this.bootstrapServers = bootstrapServers;
        this.heap = heap;
    }

    /**
     * Instances on brokers that others run.
     *
     * @param heap of each instance, as {@code -Xmx} takes it
     */
    public static LedgerCluster on(String bootstrapServers, Path directory, String heap) {
        return new LedgerCluster(directory, bootstrapServers, heap);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    private TallyProcess startBroker() {
        TallyProcess started = TallyProcess.start(
                directory.resolve("broker-" + starts.incrementAndGet() + ".log"),
                Map.of(
                        "TALLY_DATA_DIR", directory.resolve("broker").toString(),
                        "TALLY_DEV_KAFKA_PORT", Integer.toString(kafkaPort),
                        "TALLY_DEV_CONTROLLER_PORT", Integer.toString(TallyProcess.freePort())),
                "broker");
        started.awaitOutput("Kafka  ", PATIENCE);
        return started;
    }

    void killBroker() {
        Objects.requireNonNull(broker).kill();
    }

    void restartBroker() {
        broker = startBroker();
    }

    /** Starts an instance, with its directory of earlier starts if it had any. */
    public TallyProcess start(String name, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers(),
                "TALLY_DATA_DIR", directory.resolve(name).toString(),
                "TALLY_HTTP_PORT", Integer.toString(httpPort(name))));
        environment.putAll(more);
        TallyProcess instance = TallyProcess.start(
                directory.resolve(name + "-" + starts.incrementAndGet() + ".log"), heap, environment, "serve");
        instances.put(name, instance);
        return instance;
    }

    /** Starts an instance, waits until it is ready, and returns how long that took. */
    Duration startAndAwait(String name) {
        return startAndAwait(name, Map.of());
    }

    public Duration startAndAwait(String name, Map<String, String> more) {
        return start(name, more).awaitAnswer(uri(name, "/health/ready"), PATIENCE);
    }

    public TallyProcess instance(String name) {
        return instances.get(name);
    }

    public URI uri(String name, String path) {
        return URI.create("http://127.0.0.1:" + httpPort(name) + path);
    }

    /** What instances call this one when they pass requests on to it. */
    String instanceName(String name) {
        return ledgerId() + "@127.0.0.1:" + httpPort(name);
    }

    private synchronized String ledgerId() {
        if (ledgerId == null) {
            try (Admin admin = admin()) {
                ledgerId = admin.describeTopics(List.of(JOURNAL))
                        .allTopicNames()
                        .get()
                        .get(JOURNAL)
                        .topicId()
                        .toString();
            } catch (Exception e) {
                throw new AssertionError("Expected the journal's topic", e);
            }
        }
        return ledgerId;
    }

    private int httpPort(String name) {
        return httpPorts.computeIfAbsent(name, ignored -> TallyProcess.freePort());
    }

    public Balances balances() {
        return balances;
    }

    /** Waits until two instances share the partitions, each of which is answered for by exactly one of them. */
    public void awaitShared(String one, String two) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            Set<Integer> ofOne = balances.servedPartitions(one);
            Set<Integer> ofTwo = balances.servedPartitions(two);
            return !ofOne.isEmpty()
                    && !ofTwo.isEmpty()
                    && ofOne.size() + ofTwo.size() == PARTITIONS
                    && Collections.disjoint(ofOne, ofTwo);
        });
    }

    /** Which instance the group has given each partition to; instances are named by {@code KAFKA_GROUP_INSTANCE_ID}. */
    public Map<Integer, String> owners() {
        Map<Integer, String> owners = new TreeMap<>();
        try (Admin admin = admin()) {
            admin.describeConsumerGroups(List.of(GROUP))
                    .all()
                    .get()
                    .get(GROUP)
                    .members()
                    .forEach(member -> member.assignment()
                            .topicPartitions()
                            .forEach(partition -> owners.put(partition.partition(), name(member))));
        } catch (Exception e) {
            throw new AssertionError("Expected the group's members", e);
        }
        return owners;
    }

    /** Kafka Streams adds the number of the thread. */
    private static String name(MemberDescription member) {
        return member.groupInstanceId().orElse("").replaceFirst("-[0-9]+$", "");
    }

    /** How many input records the group has committed. */
    public long committed() {
        try (Admin admin = admin()) {
            return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        } catch (Exception e) {
            throw new AssertionError("Expected the group's offsets", e);
        }
    }

    public void awaitCommitted(long records) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> committed() >= records);
    }

    /** Waits until everything in the input is decided. */
    public void awaitDrained() {
        awaitDrained(Duration.ofMinutes(3));
    }

    void awaitDrained(Duration patience) {
        Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(200)).until(this::isDrained);
    }

    private boolean isDrained() throws Exception {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(INPUT, partition))
                .toList();
        try (Admin admin = admin()) {
            var ends = admin.listOffsets(partitions.stream()
                            .collect(Collectors.toMap(partition -> partition, ignored -> OffsetSpec.latest())))
                    .all()
                    .get();
            var committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            // Behind the last record there may be the marker of a re-routing transaction, which nobody commits.
            return partitions.stream()
                    .allMatch(partition -> committed.get(partition).offset()
                            >= ends.get(partition).offset() - 1);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /**
     * A ledger that was found right.
     *
     * @param report counts what there was
     * @param model knows what look-ups must answer
     */
    record Audited(AuditReport report, History model) {}

    /** Replays the committed input through the model and compares every outcome and dead letter. */
    Audited audit() {
        History history = new History(Records.settings(PARTITIONS));
        try (LedgerAudit audit = new LedgerAudit(
                Map.of("bootstrap.servers", bootstrapServers()),
                new AuditedTopics(INPUT, "transactions-out", "transactions-dlq", GROUP),
                Records.settings(PARTITIONS),
                new LedgerAudit.Scope(Set.of(), history, 20),
                Duration.ofMinutes(2))) {
            audit.read((read, of) -> {});
            AuditReport report = audit.report();
            System.out.println(report);
            assertThat(report.violations()).isEmpty();
            return new Audited(report, history);
        }
    }

    @Override
    public void close() {
        instances.values().forEach(TallyProcess::close);
        if (broker != null) {
            broker.close();
        }
    }
}

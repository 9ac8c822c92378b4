package io.tally.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tally.gateway.webhook.EndpointSettings;
import io.tally.gateway.webhook.UpdateResult;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.rig.WebhookReceiver;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Outcomes that a test writes to topics of its own, and engines that deliver them. */
final class EngineRig implements AutoCloseable {
    static final int PARTITIONS = 3;

    private static final List<Integer> ALL = List.of(0, 1, 2);

    private static final List<Duration> WAITS = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));

    /** One instance's. */
    final class Instance implements AutoCloseable {
        final WebhookRegistry registry;
        final WebhookGateway gateway;
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final StreamSettings settings;
        private final TargetGuard guard = new TargetGuard(true, List.of(Network.parse("127.0.0.0/8")));
        private final WebhookSender sender = new WebhookSender(guard, Duration.ofSeconds(5));
        private @Nullable WebhookEngine engine;

        private Instance(String name, WebhookTopics topics) {
            settings = rig.settingsOf(ledger, name, PARTITIONS, Map.of());
            registry = WebhookRegistry.start(settings.kafka(), topics, settings.applicationId());
            gateway = new WebhookGateway(registry, settings, PARTITIONS, guard::refusal, EngineRig::untested);
        }

        /** @param moreKafka settings of the engine's clients alone */
        private Instance startEngine(WebhookTopics topics, List<Duration> waits, Map<String, String> moreKafka) {
            Map<String, String> kafka = new HashMap<>(settings.kafka());
            kafka.putAll(moreKafka);
            engine = WebhookEngine.start(
                    new WebhookSettings(
                            kafka,
                            settings.applicationId(),
                            settings.groupInstanceId(),
                            output,
                            PARTITIONS,
                            topics,
                            new RetrySchedule(waits),
                            32),
                    registry,
                    sender,
                    new WebhookMetrics(meters));
            return this;
        }

        Endpoint register(URI url) throws Exception {
            return registerAs(null, url);
        }

        /** Registers with an idempotency key. */
        Endpoint registerAs(@Nullable String key, URI url) throws Exception {
            UpdateResult<WebhookRegistry.Created> created = gateway.create(
                            new EndpointSettings(url, "", EnumSet.allOf(EventType.class), Set.of()),
                            WebhookGateway.Start.BEGINNING,
                            key)
                    .get();
            return ((UpdateResult.Made<WebhookRegistry.Created>) created)
                    .value()
                    .endpoint();
        }

        Endpoint endpoint(String id) {
            return registry.endpoints().get(id);
        }

        double count(String endpoint, String result) {
            return meters.get("tally.webhook.deliveries")
                    .tag("endpoint", endpoint)
                    .tag("result", result)
                    .counter()
                    .count();
        }

        /** Whether it works on deliveries, 0 or 1; null when it does not say. */
        @Nullable
        Double running() {
            Gauge gauge = meters.find("tally.webhook.engine.running").gauge();
            return gauge == null ? null : gauge.value();
        }

        double oldestPending(String endpoint) {
            Gauge gauge = meters.find("tally.webhook.oldest.pending")
                    .tag("endpoint", endpoint)
                    .gauge();
            return gauge == null ? 0 : gauge.value();
        }

        @Override
        public void close() {
            if (engine != null) {
                engine.close();
            }
            gateway.close();
            registry.close();
            sender.close();
        }
    }

    private final LedgerRig rig;
    private final boolean ownsBroker;
    private final String ledger;
    private final String output;
    private final WebhookTopics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private int outcomes;

    /** On a broker of its own. */
    EngineRig(Path directory) {
        this(LedgerRig.start(directory), true, "only");
    }

    /**
     * Beside others on a broker, which stays the caller's to close.
     *
     * @param ledger names its topics and groups
     */
    EngineRig(LedgerRig rig, String ledger) {
        this(rig, false, ledger);
    }

    private EngineRig(LedgerRig rig, boolean ownsBroker, String ledger) {
        this.rig = rig;
        this.ownsBroker = ownsBroker;
        this.ledger = ledger;
        StreamSettings settings = rig.settingsOf(ledger, "any", PARTITIONS, Map.of());
        output = settings.topics().output();
        topics = WebhookTopics.of(settings.topicPrefix());
        try (var admin = rig.admin()) {
            new Accidents(admin).create(output, PARTITIONS);
        }
        topics.createMissing(kafka(), output);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.bootstrapServers(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static CompletableFuture<Attempt> untested(Endpoint endpoint) {
        throw new AssertionError("Nothing is tested here");
    }

    Instance instance(String name) {
        return instance(name, WAITS);
    }

    Instance instance(String name, List<Duration> waits) {
        return new Instance(name, topics).startEngine(topics, waits, Map.of());
    }

    /** One that knows the endpoints, and of which no delivery reaches the brokers. */
    Instance cutOff(String name) {
        return new Instance(name, topics).startEngine(topics, WAITS, Map.of("bootstrap.servers", "127.0.0.1:1"));
    }

    /** One that registers and changes endpoints, and delivers nothing. */
    Instance withoutEngine(String name) {
        return new Instance(name, topics);
    }

    /** One that cannot read the endpoints. */
    Instance withoutEndpoints(String name) {
        WebhookTopics missing = WebhookTopics.of("missing-");
        return new Instance(name, missing).startEngine(missing, WAITS, Map.of());
    }

    private Map<String, String> kafka() {
        return Map.of("bootstrap.servers", rig.bootstrapServers());
    }

    /** What the progress keeps of an endpoint, by lane and partition. */
    Map<String, Map<Integer, Lane.Stored>> progress(String endpoint) {
        return StoredProgress.read(kafka(), topics.progress(), ALL).take(endpoint);
    }

    /** How many of the endpoint's deliveries are dead. */
    int dead(String endpoint) {
        return StoredProgress.forgetDead(kafka(), topics.dead(), ALL, Set.of(endpoint))
                .size();
    }

    /** Lets the progress say that an endpoint was told all before an offset. */
    void writeProgress(Endpoint endpoint, long next) throws Exception {
        byte[] key = new WebhookKey(endpoint.id(), WebhookKey.LIVE, null).toBytes();
        byte[] value = WebhookCodec.encode(new Progress(next, Map.of(), endpoint.createdAt(), 0, null));
        for (int partition : ALL) {
            producer.send(new ProducerRecord<>(topics.progress(), partition, key, value))
                    .get();
        }
    }

    /** Writes outcomes as the ledger does, one after the other for users in turn. */
    void decide(int count, int users) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = outcomes++;
            String user = "user-" + number % users;
            String json = "{\"user_id\":\"" + user + "\",\"source\":{\"partition\":0,\"offset\":" + number + "}}";
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(output, bytes(user), bytes(json));
            record.headers()
                    .add("ce_id", bytes("id-" + number))
                    .add("ce_type", bytes("tally.transaction.accepted.v1"))
                    .add("ce_time", bytes("2026-01-31T10:00:00.000Z"));
            sent.add(producer.send(record));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** Deletes the outcomes' topic and makes it again, as a rebuild does. */
    void remakeOutput() {
        try (var admin = rig.admin()) {
            new Accidents(admin).remake(output, PARTITIONS);
        }
    }

    /** How many outcomes a partition has. */
    int decidedIn(int partition) throws Exception {
        TopicPartition of = new TopicPartition(output, partition);
        try (var admin = rig.admin()) {
            return (int) admin.listOffsets(Map.of(of, OffsetSpec.latest()))
                    .partitionResult(of)
                    .get()
                    .offset();
        }
    }

    int decided() {
        return outcomes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** For good. */
    void stopBroker() {
        producer.close(Duration.ZERO);
        rig.close();
    }

    /** Waits until this many different outcomes were taken. */
    static void awaitOutcomes(WebhookReceiver receiver, int count) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> receiver.outcomes() >= count);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        if (ownsBroker) {
            rig.close();
        }
    }
}

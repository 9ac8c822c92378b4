package io.tally.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.tally.gateway.webhook.WebhookRegistry.Created;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.WebhookCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Instances that share a topic of endpoints on a real broker; each case has topics of its own. */
class WebhookRegistryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final EndpointSettings SETTINGS = new EndpointSettings(
            URI.create("https://shop.example/hook"), "0", Set.of(EventType.TRANSACTION_ACCEPTED), Set.of());

    @TempDir
    private static Path directory;

    private static LedgerRig rig;
    private static int cases;

    private final IdsAndSecrets fresh = new IdsAndSecrets();
    private final List<WebhookRegistry> started = new ArrayList<>();
    private final Lines lines = new Lines();
    private WebhookTopics topics;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        try (var admin = rig.admin()) {
            new Accidents(admin).create("output", 2);
        }
    }

    @AfterAll
    static void stopBroker() {
        rig.close();
    }

    @BeforeEach
    void makeTopics() {
        topics = WebhookTopics.of("case-" + ++cases + "-");
        topics.createMissing(kafka(), "output");
        lines.start();
        root().addAppender(lines);
    }

    @AfterEach
    void closeAll() {
        started.forEach(WebhookRegistry::close);
        root().detachAppender(lines);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** What is logged, as text. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        List<String> all() {
            return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    private static Map<String, String> kafka() {
        return Map.of("bootstrap.servers", rig.bootstrapServers());
    }

    private WebhookRegistry registry() {
        WebhookRegistry registry = WebhookRegistry.start(kafka(), topics, "app-" + cases);
        started.add(registry);
        Awaitility.await().atMost(PATIENCE).until(registry::isCurrent);
        return registry;
    }

    private WebhookRegistry registry(Supplier<Producer<byte[], byte[]>> producers) {
        WebhookRegistry registry = WebhookRegistry.start(kafka(), topics, producers);
        started.add(registry);
        Awaitility.await().atMost(PATIENCE).until(registry::isCurrent);
        return registry;
    }

    private Producer<byte[], byte[]> producer() {
        return EndpointWriter.producer(kafka(), "app-" + cases + "-webhook-endpoints");
    }

    private Endpoint endpoint(String id) {
        return new Endpoint(
                id,
                SETTINGS.url(),
                SETTINGS.description(),
                SETTINGS.eventTypes(),
                SETTINGS.users(),
                EndpointState.ACTIVE,
                null,
                List.of(fresh.secret()),
                List.of(0L, 0L),
                List.of(),
                1,
                1,
                1);
    }

    private static <T> T made(CompletableFuture<UpdateResult<T>> result) {
        UpdateResult<T> came = result.join();
        assertThat(came).isInstanceOf(UpdateResult.Made.class);
        return ((UpdateResult.Made<T>) came).value();
    }

    private Endpoint create(WebhookRegistry registry) {
        Created created = made(registry.create(endpoint(fresh.endpointId()), SETTINGS));
        assertThat(created.replayed()).isFalse();
        return created.endpoint();
    }

    private static UpdateResult<Endpoint> incremented(Endpoint before) {
        String next = Integer.toString(Integer.parseInt(before.description()) + 1);
        return new UpdateResult.Made<>(new Revision(before)
                .with(new EndpointPatch(null, next, null, null, null))
                .at(2));
    }

    private static Replay replay(String id) {
        return new Replay(id, 1, List.of(new Replay.Range(0, 0, 5), new Replay.Range(1, 3, 4)));
    }

    // ---- one order

    @Test
    void shouldLoseNoChangeOfTwoInstances() throws Exception {
        // Given
        WebhookRegistry one = registry();
        WebhookRegistry two = registry();
        String id = create(one).id();
        AtomicInteger notWritten = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (WebhookRegistry registry : List.of(one, two)) {
            clients.add(new Thread(() -> {
                for (int done = 0; done < 50; ) {
                    UpdateResult<Endpoint> result = registry.change(id, null, WebhookRegistryIT::incremented)
                            .join();
                    if (result instanceof UpdateResult.Made<Endpoint>) {
                        done++;
                    } else {
                        assertThat(result).isInstanceOf(UpdateResult.Unavailable.class);
                        notWritten.incrementAndGet();
                    }
                }
            }));
        }

        // When
        long start = System.nanoTime();
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
        System.out.printf(
                "100 changes by two instances took %d ms, %d were given up%n",
                (System.nanoTime() - start) / 1_000_000, notWritten.get());

        // Then
        for (WebhookRegistry registry : List.of(one, two, registry())) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> registry.endpoints().get(id).description(), "100"::equals);
            assertThat(registry.endpoints().get(id).version()).isEqualTo(101);
        }
    }

    @Test
    void shouldShowAChangeWhereItWasMadeAndSoonElsewhere() {
        // Given
        WebhookRegistry one = registry();
        WebhookRegistry two = registry();
        AtomicInteger heard = new AtomicInteger();
        two.onChange(heard::incrementAndGet);

        // When
        Endpoint endpoint = create(one);

        // Then
        assertThat(one.endpoints()).containsExactly(Map.entry(endpoint.id(), endpoint));
        Awaitility.await().atMost(PATIENCE).until(() -> two.endpoints().equals(one.endpoints()) && heard.get() == 1);
        assertThat(made(two.delete(endpoint.id(), null))).isEqualTo(endpoint);
        assertThat(two.endpoints()).isEmpty();
        Awaitility.await().atMost(PATIENCE).until(() -> one.endpoints().isEmpty());
        assertThat(two.delete(endpoint.id(), null).join()).isInstanceOf(UpdateResult.Absent.class);
    }

    @Test
    void shouldChangeTheVersionThatIsMeant() {
        // Given
        WebhookRegistry registry = registry();
        String id = create(registry).id();

        // When
        Endpoint second = made(registry.change(id, 1L, WebhookRegistryIT::incremented));

        // Then
        assertThat(second.version()).isEqualTo(2);
        assertThat(registry.change(id, 1L, WebhookRegistryIT::incremented).join())
                .isEqualTo(new UpdateResult.Refused<Endpoint>(UpdateRefusal.OTHER_VERSION));
        assertThat(registry.delete(id, 1L).join())
                .isEqualTo(new UpdateResult.Refused<Endpoint>(UpdateRefusal.OTHER_VERSION));
        assertThat(made(registry.change(id, 2L, UpdateResult.Made::new)).version())
                .isEqualTo(2);
        assertThat(made(registry.delete(id, 2L)).version()).isEqualTo(2);
    }

    @Test
    void shouldReadEverythingBackAfterARestart() {
        // Given
        WebhookRegistry before = registry();
        Endpoint kept = create(before);
        Endpoint gone = create(before);
        made(before.delete(gone.id(), null));
        Endpoint changed = made(before.addReplay(kept.id(), replay("wr_1")));
        before.close();

        // When
        WebhookRegistry after = registry();

        // Then
        assertThat(after.endpoints()).containsExactly(Map.entry(kept.id(), changed));
    }

    @Test
    void shouldFindAnEndpointThatWasCreatedBefore() {
        // Given
        WebhookRegistry registry = registry();
        Endpoint first = create(registry);
        EndpointSettings other = new EndpointSettings(SETTINGS.url(), "other", SETTINGS.eventTypes(), SETTINGS.users());

        // When
        Created again = made(registry.create(endpoint(first.id()), SETTINGS));

        // Then
        assertThat(again).isEqualTo(new Created(first, true));
        assertThat(registry.create(endpoint(first.id()), other).join())
                .isEqualTo(new UpdateResult.Refused<Created>(UpdateRefusal.OTHER_SETTINGS));
    }

    // ---- limits

    @Test
    void shouldTakeSoManyEndpointsAndReplaysAndNoMore() {
        WebhookRegistry registry = registry();
        Endpoint endpoint = create(registry);
        for (int i = 1; i < WebhookRegistry.MAX_ENDPOINTS; i++) {
            create(registry);
        }
        assertThat(registry.create(endpoint(fresh.endpointId()), SETTINGS).join())
                .isEqualTo(new UpdateResult.Refused<Created>(UpdateRefusal.TOO_MANY_ENDPOINTS));
        assertThat(made(registry.create(endpoint(endpoint.id()), SETTINGS)).replayed())
                .isTrue();
        made(registry.delete(endpoint.id(), null));
        String id = create(registry).id();

        for (int i = 0; i < WebhookRegistry.MAX_REPLAYS; i++) {
            made(registry.addReplay(id, replay("wr_" + i)));
        }
        assertThat(registry.addReplay(id, replay("wr_x")).join())
                .isEqualTo(new UpdateResult.Refused<Endpoint>(UpdateRefusal.TOO_MANY_REPLAYS));
    }

    // ---- what the engine changes

    @Test
    void shouldDisableOnlyWhatIsActive() {
        // Given
        WebhookRegistry registry = registry();
        String id = create(registry).id();

        // When
        assertThat(registry.disable(id, registry.endpoints().get(id).version(), DisabledReason.GONE)
                        .join())
                .isTrue();

        // Then
        assertThat(registry.endpoints().get(id).state()).isEqualTo(EndpointState.DISABLED);
        assertThat(registry.endpoints().get(id).disabledReason()).isEqualTo(DisabledReason.GONE);
        assertThat(registry.disable(id, registry.endpoints().get(id).version(), DisabledReason.FAILING)
                        .join())
                .isFalse();
        assertThat(registry.endpoints().get(id).version()).isEqualTo(2);
        EndpointPatch paused = new EndpointPatch(null, null, null, null, EndpointState.PAUSED);
        Endpoint resting = made(registry.change(
                id,
                null,
                before -> new UpdateResult.Made<>(
                        new Revision(before).with(paused).at(1))));
        assertThat(resting.disabledReason()).isNull();
        assertThat(registry.disable(id, registry.endpoints().get(id).version(), DisabledReason.FAILING)
                        .join())
                .isFalse();
        assertThat(registry.disable(fresh.endpointId(), 1, DisabledReason.GONE).join())
                .isFalse();
    }

    @Test
    void shouldTakeOutWhatWasToldAgain() {
        // Given
        WebhookRegistry registry = registry();
        String id = create(registry).id();
        made(registry.addReplay(id, replay("wr_1")));
        made(registry.addReplay(id, replay("wr_2")));

        // When
        assertThat(registry.rangeDone(id, "wr_1", 0).join()).isTrue();

        // Then
        assertThat(registry.endpoints().get(id).replays())
                .containsExactly(new Replay("wr_1", 1, List.of(new Replay.Range(1, 3, 4))), replay("wr_2"));
        assertThat(registry.rangeDone(id, "wr_1", 0).join()).isFalse();
        assertThat(registry.rangeDone(id, "wr_3", 0).join()).isFalse();
        assertThat(registry.rangeDone(fresh.endpointId(), "wr_1", 1).join()).isFalse();
        assertThat(registry.rangeDone(id, "wr_1", 1).join()).isTrue();
        assertThat(registry.endpoints().get(id).replays()).containsExactly(replay("wr_2"));
    }

    // ---- what is broken

    @Test
    void shouldMissABrokenEndpointAndFollowOn() {
        // Given
        WebhookRegistry registry = registry();
        Endpoint broken = create(registry);
        Endpoint whole = create(registry);
        Endpoint other = create(registry);

        // When
        write(broken.id(), "{\"secrets\":[{\"secret\":\"whsec_broken\"}]}".getBytes(StandardCharsets.UTF_8));
        write(other.id(), WebhookCodec.encode(broken));
        write("x\nforged", new byte[] {1});

        // Then
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> registry.endpoints().keySet().equals(Set.of(whole.id())));
        Awaitility.await().atMost(PATIENCE).until(() -> errors().size() == 3);
        assertThat(errors())
                .allSatisfy(line -> assertThat(line)
                        .contains(" of " + topics.endpoints() + " holds no endpoint")
                        .doesNotContain("whsec", "\n"));
        assertThat(registry().endpoints()).containsExactly(Map.entry(whole.id(), whole));
        assertThat(made(registry.create(endpoint(broken.id()), SETTINGS)).replayed())
                .isFalse();
    }

    private List<String> errors() {
        return lines.events.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void write(String key, byte[] value) {
        rig.sendAndWait(new ProducerRecord<>(topics.endpoints(), 0, key.getBytes(StandardCharsets.UTF_8), value));
    }

    @Test
    void shouldWaitForABrokerThatIsAway() {
        // Given
        WebhookRegistry nowhere = WebhookRegistry.start(Map.of("bootstrap.servers", "127.0.0.1:1"), topics, "nowhere");
        started.add(nowhere);

        // When
        long start = System.nanoTime();
        UpdateResult<Created> result =
                nowhere.create(endpoint(fresh.endpointId()), SETTINGS).join();

        // Then
        assertThat(result).isInstanceOf(UpdateResult.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(nowhere.isCurrent()).isFalse();
        assertThat(nowhere.endpoints()).isEmpty();
        assertThatThrownBy(() -> nowhere.disable(fresh.endpointId(), 1, DisabledReason.GONE)
                        .join())
                .hasCauseInstanceOf(KafkaException.class);
    }

    // ---- commits without an answer

    /** A producer whose first commits fail, after they were done or instead of being done. */
    private Producer<byte[], byte[]> failing(AtomicInteger left, boolean committed) {
        Producer<byte[], byte[]> real = producer();
        @SuppressWarnings("unchecked")
        Producer<byte[], byte[]> failing = (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    boolean fails = method.getName().equals("commitTransaction") && left.getAndDecrement() > 0;
                    try {
                        Object result = fails && !committed ? null : method.invoke(real, arguments);
                        if (fails) {
                            throw new TimeoutException("No answer to the commit");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return failing;
    }

    @Test
    void shouldSeeThatACommitWithoutAnAnswerHappened() {
        // Given
        AtomicInteger left = new AtomicInteger(0);
        WebhookRegistry registry = registry(() -> failing(left, true));
        String id = create(registry).id();
        left.set(1);

        // When
        Endpoint changed = made(registry.change(id, null, WebhookRegistryIT::incremented));

        // Then
        assertThat(left).hasValue(0);
        assertThat(changed.description()).isEqualTo("1");
        assertThat(registry().endpoints()).containsExactly(Map.entry(id, changed));
    }

    @Test
    void shouldTryAgainWhenACommitWithoutAnAnswerDidNotHappen() {
        // Given
        AtomicInteger left = new AtomicInteger(0);
        WebhookRegistry registry = registry(() -> failing(left, false));
        String id = create(registry).id();
        left.set(2);

        // When
        Endpoint changed = made(registry.change(id, null, WebhookRegistryIT::incremented));

        // Then
        assertThat(changed.description()).isEqualTo("1");
        assertThat(registry().endpoints()).containsExactly(Map.entry(id, changed));
    }

    @Test
    void shouldSayThatItIsNotKnownWhenKafkaIsGoneAfterACommit() {
        // Given
        AtomicInteger left = new AtomicInteger(0);
        AtomicInteger made = new AtomicInteger();
        WebhookRegistry registry = registry(() -> {
            if (made.incrementAndGet() > 1) {
                throw new TimeoutException("The brokers are gone");
            }
            return failing(left, true);
        });
        String id = create(registry).id();
        left.set(1);

        // When
        UpdateResult<Endpoint> result =
                registry.change(id, null, WebhookRegistryIT::incremented).join();

        // Then
        assertThat(result).isInstanceOf(UpdateResult.Unknown.class);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> registry.endpoints().get(id).description(), "1"::equals);
    }

    /**
     * A producer whose commit may be answered before its marker is written, which is when the next transaction begins or
     * another producer fences this one, whichever is first.
     *
     * @param next whether the next commit is one of those
     * @param unmarked the producer of such a commit
     */
    private Producer<byte[], byte[]> late(AtomicBoolean next, AtomicReference<Producer<byte[], byte[]>> unmarked) {
        Producer<byte[], byte[]> real = producer();
        @SuppressWarnings("unchecked")
        Producer<byte[], byte[]> late = (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "commitTransaction" -> {
                            if (next.getAndSet(false)) {
                                unmarked.set(real);
                                return null;
                            }
                        }
                        case "beginTransaction", "initTransactions" -> mark(unmarked.getAndSet(null), real);
                        case "close" -> {
                            if (unmarked.get() == real) {
                                // The coordinator writes the marker all the same.
                                return null;
                            }
                        }
                        default -> {}
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return late;
    }

    private static void mark(@Nullable Producer<byte[], byte[]> unmarked, Producer<byte[], byte[]> beginning) {
        if (unmarked != null) {
            unmarked.commitTransaction();
            if (unmarked != beginning) {
                unmarked.close();
            }
        }
    }

    @Test
    void shouldDecideOnAChangeThatWasNotSeenInTime() {
        // Given: a deletion that is answered when its time is over, and not seen.
        AtomicBoolean next = new AtomicBoolean();
        AtomicReference<Producer<byte[], byte[]>> unmarked = new AtomicReference<>();
        WebhookRegistry registry = registry(() -> late(next, unmarked));
        String id = create(registry).id();
        next.set(true);
        made(registry.delete(id, null));
        assertThat(unmarked.get()).isNotNull();
        assertThat(registry.endpoints()).containsOnlyKeys(id);

        // When
        UpdateResult<Endpoint> result =
                registry.change(id, null, WebhookRegistryIT::incremented).join();

        // Then
        assertThat(result).isInstanceOf(UpdateResult.Absent.class);
        assertThat(registry().endpoints()).isEmpty();
    }

    @Test
    void shouldTryAgainAfterItWasFenced() {
        // Given
        WebhookRegistry registry = registry();
        String id = create(registry).id();
        try (Producer<byte[], byte[]> other = producer()) {
            other.initTransactions();
            other.beginTransaction();
            var unused = other.send(
                    new ProducerRecord<>(topics.endpoints(), 0, id.getBytes(StandardCharsets.UTF_8), new byte[] {1}));
            other.flush();

            // When
            Endpoint changed = made(registry.change(id, null, WebhookRegistryIT::incremented));

            // Then
            assertThat(changed.description()).isEqualTo("1");
            assertThatThrownBy(other::commitTransaction).isInstanceOf(KafkaException.class);
            assertThat(registry().endpoints()).containsExactly(Map.entry(id, changed));
        }
    }

    // ---- secrets

    @Test
    void shouldKeepSecretsOutOfLogsAndTexts() {
        // Given
        List<Logger> loggers = Stream.of("io.tally", "org.apache.kafka.clients")
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
        loggers.forEach(logger -> logger.setLevel(Level.TRACE));
        try {
            WebhookRegistry registry = registry();

            // When
            Endpoint endpoint = create(registry);
            made(registry.change(endpoint.id(), null, WebhookRegistryIT::incremented));

            // Then
            String secret = endpoint.secrets().get(0).secret();
            assertThat(lines.all()).isNotEmpty().noneMatch(line -> line.contains("whsec_"));
            assertThat(List.of(
                            endpoint.toString(),
                            registry.endpoints().toString(),
                            new UpdateResult.Made<>(endpoint).toString(),
                            EndpointWrite.put(endpoint, endpoint).toString()))
                    .noneMatch(text -> text.contains(secret));
        } finally {
            loggers.forEach(logger -> logger.setLevel(null));
        }
    }
}

package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.Position;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event streams over topics that the test writes itself: one per test, with 2 partitions. */
class EventStreamsIT {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final int STRETCH = 16_384;

    @TempDir
    private static Path directory;

    private static LedgerRig rig;
    private static Admin admin;

    private final String topic = "out-" + TOPICS.incrementAndGet();
    private final List<AutoCloseable> open = new ArrayList<>();
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        rig.close();
    }

    @BeforeEach
    void begin() {
        new Accidents(admin).create(topic, 2);
        producer = closing(producer(Map.of()));
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        open.add(part);
        return part;
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", rig.bootstrapServers());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String user, String json) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, partition, user.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8));
        record.headers().add("ce_type", "test.v1".getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    private void write(int partition, String user, String json) {
        var unused = producer.send(record(partition, user, json));
        producer.flush();
    }

    private OutcomeFeed feed() {
        return closing(new OutcomeFeed(Map.of("bootstrap.servers", rig.bootstrapServers()), topic, 2));
    }

    /** A server of its own; every user is in partition 0. */
    private Running serve(OutcomeFeed feed, ApiTokens tokens, Duration heartbeat, int maxStreams) {
        return serve(feed, 0, tokens, heartbeat, maxStreams);
    }

    private Running serve(OutcomeFeed feed, int partition, ApiTokens tokens, Duration heartbeat, int maxStreams) {
        Access access = new Access(tokens, false);
        EventStreams streams = new EventStreams(feed, user -> partition, access, heartbeat, maxStreams);
        Javalin javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    new Edge(new ListenAddress("127.0.0.1", 0, tokens, false), Patience.STANDARD).configure(config);
                    config.routes.before("/v1/*", access::authenticate);
                    config.routes.exception(
                            RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
                    streams.addTo(config);
                })
                .start();
        return closing(new Running(javalin, streams));
    }

    private Running serve(OutcomeFeed feed) {
        return serve(feed, null, EventStreams.HEARTBEAT, EventStreams.MAX_STREAMS);
    }

    private record Running(Javalin javalin, EventStreams streams) implements AutoCloseable {
        EventClient client(String path, String after, String... headers) {
            return EventClient.open(javalin.port(), path, after, headers);
        }

        HttpResponse<String> get(String path, String... headers) {
            return new Api(javalin.port()).get(path, headers);
        }

        /** A client that asks and never reads. */
        Socket deaf(String path) throws IOException {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), javalin.port()));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return socket;
        }

        @Override
        public void close() {
            streams.close();
            javalin.stop();
        }
    }

    @Test
    void shouldNeverTellWhatIsNotCommitted() {
        // Given
        Running server = serve(feed());
        KafkaProducer<byte[], byte[]> transactions = closing(producer(Map.of("transactional.id", topic)));
        transactions.initTransactions();
        try (EventClient all = server.client("/v1/events", null)) {
            all.awaitBlocks(1);

            // When
            transactions.beginTransaction();
            var open = transactions.send(record(0, "ada", "{\"aborted\":1}"));
            transactions.flush();
            assertThat(open).isDone();
            write(0, "ada", "{\"behind\":1}");
            write(1, "bob", "{\"beside\":1}");
            all.awaitEvents(1);

            // Then
            assertThat(all.data()).containsExactly("{\"beside\":1}");
            try (EventClient late = server.client("/v1/events", null)) {
                late.awaitBlocks(1);
                assertThat(late.events()).isEmpty();
                transactions.abortTransaction();
                assertThat(all.awaitEvents(2).data()).containsExactly("{\"beside\":1}", "{\"behind\":1}");
                assertThat(late.awaitEvents(1).data()).containsExactly("{\"behind\":1}");
            }

            // When
            transactions.beginTransaction();
            var next = transactions.send(record(0, "ada", "{\"committed\":1}"));
            transactions.flush();
            assertThat(next).isDone();
            write(1, "bob", "{\"beside\":2}");
            assertThat(all.awaitEvents(3).data()).endsWith("{\"beside\":2}");
            transactions.commitTransaction();

            // Then
            assertThat(all.awaitEvents(4).data()).endsWith("{\"committed\":1}");
        }
    }

    @Test
    void shouldResetWhoComesFromBehindTheStretch() {
        // Given
        EventClient early = serve(feed()).client("/v1/events", null).awaitBlocks(1);
        String outside = early.lastBlockId();
        write(0, "ada", "{\"n\":0}");
        String inside = early.awaitEvents(1).lastBlockId();
        early.close();
        for (int n = 1; n <= STRETCH; n++) {
            var unused = producer.send(record(0, "ada", "{\"n\":" + n + "}"));
        }
        producer.flush();

        // When
        Running server = serve(feed());
        try (EventClient lost = server.client("/v1/events", outside);
                EventClient found = server.client("/v1/events", inside)) {
            lost.awaitEvents(1);
            found.awaitEvents(STRETCH);
            write(0, "ada", "{\"n\":-1}");

            // Then: what the state may have lacked when it was read is told again
            assertThat(lost.awaitEvents(STRETCH / 2 + 2).events().get(0).event())
                    .isEqualTo("reset");
            assertThat(lost.data().subList(1, lost.data().size()))
                    .startsWith("{\"n\":" + (STRETCH / 2 + 1) + "}")
                    .doesNotHaveDuplicates()
                    .endsWith("{\"n\":-1}");
            assertThat(found.awaitEvents(STRETCH + 1).events())
                    .extracting(EventClient.Block::event)
                    .containsOnly("test.v1");
            assertThat(found.data().subList(0, STRETCH))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, STRETCH)
                            .mapToObj(n -> "{\"n\":" + n + "}")
                            .toList());
        }
    }

    @Test
    void shouldSayWhatTheStateMustHavePassedWhereSomethingIsNotTold() {
        // Given
        String other = topic + "-other";
        new Accidents(admin).create(other, 2);
        Running elsewhere = serve(closing(new OutcomeFeed(rig.settings().kafka(), other, 2)));
        String position = new Position(0, 41).toText();
        Running server = serve(feed());
        String foreign;
        try (EventClient first = elsewhere.client("/v1/user/ada/events", null)) {
            foreign = first.awaitBlocks(1).lastBlockId();
            assertThat(first.response().headers().firstValue("Tally-Position")).isEmpty();
        }

        // When
        write(0, "bob", "{\"source\":{\"partition\":0,\"offset\":41}}");

        // Then
        try (EventClient ada = server.client("/v1/user/ada/events", null);
                EventClient all = server.client("/v1/events", null);
                EventClient reset = server.client("/v1/user/ada/events", foreign);
                EventClient on =
                        server.client("/v1/user/ada/events", ada.awaitBlocks(1).lastBlockId())) {
            assertThat(ada.response().headers().firstValue("Tally-Position")).hasValue(position);
            assertThat(all.response().headers().firstValue("Tally-Position")).isEmpty();
            assertThat(on.response().headers().firstValue("Tally-Position")).isEmpty();
            EventClient.Block told = reset.awaitEvents(1).events().get(0);
            assertThat(told.event()).isEqualTo("reset");
            assertThat(json(told.data()).path("position").asText()).isEqualTo(position);
        }
    }

    @Test
    void shouldResetWhenTheTopicIsMadeAgain() {
        // Given
        Running server = serve(feed());
        try (EventClient all = server.client("/v1/events", null);
                EventClient quiet = server.client("/v1/user/quiet/events", null)) {
            for (int n = 0; n < 10; n++) {
                write(0, "ada", "{\"n\":" + n + "}");
            }
            String before = all.awaitEvents(10).lastBlockId();

            // When
            new Accidents(admin).remake(topic, 2);
            write(0, "ada", "{\"new\":1}");

            // Then
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> all.events().stream()
                                    .anyMatch(block -> block.event().equals("reset"))
                            && quiet.events().size() == 1);
            assertThat(quiet.events().get(0).event()).isEqualTo("reset");
            write(0, "ada", "{\"new\":2}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> all.data().contains("{\"new\":2}"));
            try (EventClient again = server.client("/v1/events", before)) {
                assertThat(again.awaitEvents(1).events().get(0).event()).isEqualTo("reset");
            }
        }
    }

    /** As after a copy: a browser's client gives up for ever when it is refused. */
    @Test
    void shouldResetWhoComesFromATopicOfMorePartitions() {
        // Given
        String other = topic + "-of-8";
        new Accidents(admin).create(other, 8);
        OutcomeFeed larger = closing(new OutcomeFeed(rig.settings().kafka(), other, 8));
        Running elsewhere = serve(larger, 7, null, EventStreams.HEARTBEAT, EventStreams.MAX_STREAMS);
        List<String> paths = List.of("/v1/events", "/v1/user/ada/events");
        Running server = serve(feed());
        write(0, "ada", "{\"n\":1}");
        for (String path : paths) {
            String position;
            try (EventClient first = elsewhere.client(path, null)) {
                position = first.awaitBlocks(1).lastBlockId();
            }

            // When
            try (EventClient again = server.client(path, position)) {

                // Then
                assertThat(again.awaitEvents(1).events().get(0).event())
                        .as(path)
                        .isEqualTo("reset");
            }
        }
    }

    @Test
    void shouldCutOffWhoIsTooSlowAndServeTheOthers() throws Exception {
        // Given
        Running server = serve(feed(), null, EventStreams.HEARTBEAT, 2);
        String large = "{\"pad\":\"" + "x".repeat(16_384) + "\"}";
        int count = 8_000;
        try (EventClient small = server.client("/v1/user/small/events", null);
                Socket deaf = server.deaf("/v1/events")) {
            Awaitility.await().until(() -> server.get("/v1/events").statusCode() == 503);

            // When
            for (int n = 0; n < count; n++) {
                var unused = producer.send(record(n % 2, "large", large));
                if (n % 100 == 0) {
                    var unusedToo = producer.send(record(0, "small", "{\"n\":" + n + "}"));
                }
            }
            producer.flush();

            // Then
            assertThat(small.awaitEvents(count / 100).data())
                    .containsExactlyElementsOf(IntStream.range(0, count / 100)
                            .mapToObj(n -> "{\"n\":" + 100 * n + "}")
                            .toList());
            // Its place is free, and what it reads now ends in the middle.
            try (EventClient next = server.client("/v1/events", null)) {
                next.awaitBlocks(1);
                long got = drain(deaf);
                System.out.println("the deaf client got " + got + " bytes");
                assertThat(got).isLessThan((long) count * large.length());
            }
        }
    }

    private static long drain(Socket socket) {
        long got = 0;
        byte[] buffer = new byte[65_536];
        try {
            socket.setSoTimeout(10_000);
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                got += n;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("Expected the connection to be closed", e);
        } catch (IOException e) {
            return got;
        }
        return got;
    }

    @Test
    void shouldTakeSoManyStreamsAndNoMore() {
        // Given
        Running server = serve(feed(), null, Duration.ofMillis(100), 2);
        EventClient one = server.client("/v1/events", null);
        try (EventClient two = server.client("/v1/events", null)) {
            two.awaitBlocks(1);

            // When
            HttpResponse<String> three = server.get("/v1/events");

            // Then
            assertThat(three.statusCode()).isEqualTo(503);
            assertThat(three.headers().firstValue("Retry-After")).isPresent();
            assertThat(json(three).path("code").asText()).isEqualTo("unavailable");
            one.close();
            Awaitility.await()
                    .untilAsserted(() -> server.client("/v1/events", null).close());
        }
    }

    @Test
    void shouldBeatAndEndTheStreamOfATokenThatIsGone() throws Exception {
        // Given
        Path file = directory.resolve("tokens");
        Files.writeString(file, line("mine") + line("theirs"));
        Running server = serve(feed(), ApiTokens.load(file), Duration.ofMillis(100), 10);
        assertThat(server.get("/v1/events").statusCode()).isEqualTo(401);
        try (EventClient mine = server.client("/v1/user/ada/events", null, "Authorization", "Bearer mine");
                EventClient theirs = server.client("/v1/user/ada/events", null, "Authorization", "Bearer theirs")) {
            String first = mine.awaitBlocks(1).lastBlockId();
            write(0, "bob", "{\"n\":1}");

            // A quiet user's position moves on.
            Awaitility.await().until(() -> !mine.lastBlockId().equals(first));
            assertThat(mine.events()).isEmpty();

            // When
            Files.writeString(file, line("theirs"));

            // Then
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(mine::isOver);
            int blocks = theirs.blocks().size();
            theirs.awaitBlocks(blocks + 3);
        }
    }

    private static String line(String token) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash) + " read\n";
    }

    @Test
    void shouldStopAtOnce() throws Exception {
        // Given
        Running server = serve(feed());
        List<EventClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(server.client(i % 2 == 0 ? "/v1/events" : "/v1/user/ada/events", null)
                    .awaitBlocks(1));
        }
        try (Socket deaf = server.deaf("/v1/events")) {
            for (int n = 0; n < 1_000; n++) {
                var unused = producer.send(record(0, "large", "{\"pad\":\"" + "x".repeat(16_384) + "\"}"));
            }
            producer.flush();
            clients.get(0).awaitEvents(1_000);
            assertThat(deaf.isConnected()).isTrue();

            // When
            long before = System.nanoTime();
            server.close();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            // Then
            System.out.println("stopped in " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofSeconds(2));
            Awaitility.await().until(() -> clients.stream().allMatch(EventClient::isOver));
        }
    }

    @Test
    void shouldSayWhenTheBrokersDoNotAnswer() {
        // Given
        OutcomeFeed lost = closing(new OutcomeFeed(Map.of("bootstrap.servers", "127.0.0.1:1"), topic, 2));

        // When
        HttpResponse<String> answer = serve(lost).get("/v1/events");

        // Then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).path("code").asText()).isEqualTo("unavailable");
    }

    @Test
    void shouldTellNothingThatTallyDidNotWrite() {
        // Given
        Running server = serve(feed());
        try (EventClient all = server.client("/v1/events", null)) {
            all.awaitBlocks(1);

            // When
            var unused = producer.send(new ProducerRecord<>(topic, 0, new byte[] {'a'}, new byte[] {'{', '}'}));
            var unusedToo = producer.send(record(0, "ada", "{\n\"a\":\r\n1}"));
            producer.flush();

            // Then
            assertThat(all.awaitEvents(1).data()).containsExactly("{ \"a\":  1}");
        }
    }

    @Test
    void shouldAnswerHeadWithoutAStream() {
        // Given
        Running server = serve(feed(), null, EventStreams.HEARTBEAT, 1);
        String host = " HTTP/1.1\r\nHost: localhost\r\n";

        // When
        String answers = new Api(server.javalin().port())
                .raw("HEAD /v1/events" + host + "\r\nGET /v1/nothing" + host + "Connection: close\r\n\r\n");

        // Then
        assertThat(answers)
                .startsWith("HTTP/1.1 200")
                .contains("text/event-stream")
                .contains("HTTP/1.1 404");
    }
}

package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tally.audit.AuditRefusedException;
import io.tally.audit.AuditReport;
import io.tally.audit.AuditedTopics;
import io.tally.audit.LedgerAudit;
import io.tally.audit.Records;
import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.ledger.Account;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.TallyProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real ledger: it agrees, and what is slipped in between is named. */
class VerifyCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 6_000;

    /** A second ledger, of which each test that spoils something has a partition of its own. */
    private static final String SPOILT = "spoilt.";

    private static final int FOLLOWED = 0;
    private static final int NAMED = 1;
    private static final int UNSERVED = 2;
    private static final int CUT = 3;
    private static final int RIGHT = 4;
    private static final int SPOILT_PARTITIONS = 5;
    private static final int SPOILT_RECORDS = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static Service service;
    private static CompletableFuture<CommandRun> unreachable;
    /** Commands beyond {@link #RECORDS}. */
    private static final AtomicInteger sentSince = new AtomicInteger();

    @BeforeAll
    static void startLedger() throws Exception {
        // Takes ten seconds, and disturbs nobody.
        unreachable = CompletableFuture.supplyAsync(
                () -> CommandRun.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"), "", "verify"));
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")));
        service = start("", "tally", PARTITIONS);
        long seed = Long.getLong("tally.seed", System.nanoTime());
        System.out.println("seed " + seed);
        send(new CommandGenerator(seed, "transactions-in", Mix.rough(200, PARTITIONS)), RECORDS);
        try (Service another = start(SPOILT, "spoilt", SPOILT_PARTITIONS)) {
            String input = SPOILT + "transactions-in";
            send(new CommandGenerator(seed, input, Mix.rough(50, SPOILT_PARTITIONS)), SPOILT_RECORDS);
            assertThat(another.awaitReady(PATIENCE)).isTrue();
            Awaitility.await().atMost(PATIENCE).until(() -> isDrained(input, SPOILT_PARTITIONS, "spoilt"));
        }
        assertThat(service.awaitReady(PATIENCE)).isTrue();
        Awaitility.await().atMost(PATIENCE).until(() -> isDrained("transactions-in", PARTITIONS, "tally"));
    }

    private static Service start(String topicPrefix, String applicationId, int partitions) {
        return Service.start(TallyConfig.of(SettingValues.read(
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        broker.bootstrapServers(),
                        "KAFKA_APPLICATION_ID",
                        applicationId,
                        "KAFKA_GROUP_INSTANCE_ID",
                        "one",
                        "TALLY_TOPIC_PREFIX",
                        topicPrefix,
                        "TALLY_PARTITIONS",
                        Integer.toString(partitions),
                        "TALLY_HTTP_PORT",
                        "0",
                        "TALLY_DATA_DIR",
                        folder.resolve(applicationId).toString()),
                Map.of())));
    }

    private static void send(CommandGenerator commands, int count) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < count; i++) {
                var ignored = producer.send(commands.next());
            }
        }
    }

    @AfterAll
    static void stopLedger() {
        service.close();
        broker.close();
    }

    @Test
    void shouldAgreeWithARightLedger() throws Exception {
        // Given
        Path file = folder.resolve("report.json");
        String url = "http://127.0.0.1:" + service.httpPort();

        // When
        CommandRun run = verify("--http", url, "--http-sample", "150", "--json", file.toString());

        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("AGREES" + System.lineSeparator());
        assertThat(run.exitCode()).isZero();
        JsonNode report = JSON.readTree(Files.readString(file));
        assertThat(report.path("counts").path("input").asInt())
                .isEqualTo(RECORDS
                        + sentSince.get()
                        + report.path("counts").path("rerouted").asInt());
        assertThat(report.path("counts")
                        .path("dead_letters")
                        .path("uid_conflict")
                        .asInt())
                .isPositive();
        assertThat(report.path("counts")
                        .path("rejected")
                        .path("INSUFFICIENT_FUNDS")
                        .asInt())
                .isPositive();
        assertThat(report.path("served").path("compared").asInt()).isEqualTo(150);
    }

    @Test
    void shouldAuditOnePartition() throws Exception {
        // When
        CommandRun run = verify("--partition", "1", "--json", "-");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(JSON.readTree(run.out()).path("cut").properties()).hasSize(1);
    }

    @Test
    void shouldSayThatTheTopicsAgreeWhereNobodyServes() {
        // When
        CommandRun run = verify("--http", "http://127.0.0.1:1");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the topics agree", "http://127.0.0.1:1/v1/user/");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldFollowUntilSomethingIsSlippedIn() throws Exception {
        // Given
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        CompletableFuture<Integer> following = CompletableFuture.supplyAsync(() -> follow(told, FOLLOWED));
        Awaitility.await().atMost(PATIENCE).until(() -> text(told).contains("  agrees"));

        // When
        slipIn(FOLLOWED);

        // Then
        assertThat(following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(text(told)).endsWith("VIOLATED" + System.lineSeparator());
    }

    @Test
    void shouldNameWhatIsSlippedIn() throws Exception {
        // Given
        slipIn(NAMED);

        // When
        CommandRun run = verifySpoilt(NAMED, "--max-findings", "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("DOUBLED_OUTCOME at spoilt.transactions-out " + NAMED + ":")
                .contains("UNEXPECTED_OUTCOME at spoilt.transactions-out " + NAMED + ":")
                .endsWith("VIOLATED" + System.lineSeparator());
        assertThat(verifySpoilt(RIGHT).exitCode()).isZero();
    }

    @Test
    void shouldNameWhatIsSlippedInAlsoWhereNobodyServes() throws Exception {
        // Given
        slipIn(UNSERVED);

        // When
        CommandRun run = verifySpoilt(UNSERVED, "--http", "http://127.0.0.1:1");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("DOUBLED_OUTCOME at spoilt.transactions-out " + UNSERVED + ":")
                .endsWith("VIOLATED" + System.lineSeparator());
        assertThat(run.err()).contains("Not every balance was compared");
    }

    @Test
    void shouldRefuseOutcomesThatLackTheirBeginning() throws Exception {
        // Given
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(outcomes(CUT), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }

        // When
        CommandRun run = verifySpoilt(CUT);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("spoilt.transactions-out-" + CUT, "begins at offset 1", "--partition");
    }

    @Test
    void shouldSayWhyThereIsNothingToAudit() {
        assertThat(verify("--topic-prefix", "other.").err()).contains("Not audited", "no ledger", "TALLY_TOPIC_PREFIX");
        assertThat(verify("--topic-prefix", "other.").exitCode()).isEqualTo(2);
        assertThat(verify("--partition", "7").err()).contains("no partition 7", "0 to 1");
        assertThat(verify("--http", "http://127.0.0.1:1", "--follow").exitCode())
                .isEqualTo(2);
        CommandRun silent = unreachable.join();
        assertThat(silent.exitCode()).isEqualTo(3);
        assertThat(silent.err()).contains("127.0.0.1:1");
    }

    @Test
    void shouldSayBeforeItReadsWhatItCannotUse() throws Exception {
        // Given
        Path token = Files.writeString(folder.resolve("token"), "one\nanother\n");
        Path beside = folder.resolve("no such folder").resolve("report.json");

        // Then
        for (String url : List.of("localhost:8080", "ftp://localhost", "http:///v1", "http://localhost:65536")) {
            CommandRun run = verify("--http", url);
            assertThat(run.exitCode()).as(url).isEqualTo(2);
            assertThat(run.err()).contains(url, "http://host:port");
        }
        for (String file : List.of(beside.toString(), folder.toString())) {
            CommandRun run = verify("--json", file);
            assertThat(run.exitCode()).as(file).isEqualTo(2);
            assertThat(run.err()).contains(file, "cannot be written");
            assertThat(run.out()).isEmpty();
        }
        assertThat(verify("--http", "http://127.0.0.1:1", "--http-token-file", token.toString())
                        .err())
                .contains("one token");
    }

    @Test
    void shouldNotCallALedgerWrongThatItCannotRead() {
        // When
        CommandRun run = CommandRun.of(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "KAFKA_FETCH_MAX_WAIT_MS", "soon"),
                "",
                "verify",
                "--partition",
                "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("fetch.max.wait.ms");
    }

    @Test
    void shouldAskNoMoreOfAnInstanceThatHasLostItsState() throws Exception {
        // Given
        HttpServer empty = instance(account -> new Answer(404, "{\"code\":\"unknown_user\"}"));
        try {
            // When
            CommandRun run = verify(
                    "--partition",
                    "1",
                    "--http",
                    url(empty),
                    "--http-sample",
                    "20",
                    "--max-findings",
                    "2",
                    "--json",
                    "-");

            // Then
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(JSON.readTree(run.out()).at("/violations/SERVED_BALANCE").asInt())
                    .isEqualTo(2);
        } finally {
            empty.stop(0);
        }
    }

    @Test
    void shouldNameBalancesThatAreAheadOfTheOutcomes() throws Exception {
        // Given
        HttpServer ahead = instance(account -> new Answer(
                200,
                "{\"user_id\":\"%s\",\"currency\":\"%s\",\"balance\":\"1.00\",\"sequence\":999999}"
                        .formatted(account.userId(), account.currency())));
        try {
            // When
            CommandRun run = verify("--http", url(ahead), "--http-sample", "5", "--max-findings", "2");

            // Then
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .contains("SERVED_BALANCE at /v1/user/", "\"sequence\":999999")
                    .endsWith("VIOLATED" + System.lineSeparator());
        } finally {
            ahead.stop(0);
        }
    }

    @Test
    void shouldReadOnToWhatHasMovedOn() throws Exception {
        // Given
        String real = "http://127.0.0.1:" + service.httpPort();
        HttpServer atWork = instance(account -> {
            post(
                    real + "/v1/transaction",
                    "{\"uid\":\"%s\",\"type\":\"DEPOSIT\",\"user_id\":\"%s\",\"amount\":\"1\",\"currency\":\"%s\"}"
                            .formatted(UUID.randomUUID(), account.userId(), account.currency()));
            sentSince.incrementAndGet();
            return get(real + "/v1/user/" + account.userId() + "/balance?currency=" + account.currency());
        });
        try {
            // When
            CommandRun run = verify("--http", url(atWork), "--http-sample", "5", "--json", "-");

            // Then
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(JSON.readTree(run.out()).at("/served/compared").asInt()).isEqualTo(5);
        } finally {
            atWork.stop(0);
        }
    }

    @Test
    void shouldNotCallALedgerWrongOfWhichAnotherServiceKnowsNothing() {
        // When
        CommandRun run = verify("--http", "http://127.0.0.1:" + service.httpPort() + "/v1");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the topics agree", "404", "--http names an instance");
        assertThat(run.out()).isEmpty();
    }

    /** Stands where an instance would, and answers for balances. */
    private static HttpServer instance(Function<Account, Answer> answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/v1/user/", exchange -> {
            String user = exchange.getRequestURI().getPath().split("/")[3];
            String currency = exchange.getRequestURI().getQuery().replaceFirst("currency=", "");
            Answer answer = answers.apply(new Account(user, currency));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private record Answer(int status, String body) {}

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void post(String url, String body) {
        Answer answer = send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static Answer get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldReportWhatItHasFollowedWhenItIsToldToEnd() throws Exception {
        // Given
        Path file = folder.resolve("followed.json");
        try (TallyProcess following = TallyProcess.start(
                folder.resolve("follow.log"),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                "verify",
                "--partition",
                "1",
                "--follow",
                "--json",
                file.toString())) {
            following.awaitOutput("  agrees", PATIENCE);

            // When
            int exitCode = following.terminate();

            // Then
            assertThat(following.output()).endsWith("AGREES" + System.lineSeparator());
            assertThat(JSON.readTree(Files.readString(file)).path("verdict").asText())
                    .isEqualTo("AGREES");
            assertThat(exitCode).isZero();
        }
    }

    @Test
    void shouldSayAtOnceThatOutcomesAreMissingWhenThereAreNone() throws Exception {
        // Given
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic("empty", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        Map<String, Object> connection = Map.of("bootstrap.servers", broker.bootstrapServers());
        AuditedTopics topics = new AuditedTopics("transactions-in", "empty", "transactions-dlq", "tally");
        AtomicReference<LedgerAudit> reading = new AtomicReference<>();
        AtomicInteger found = new AtomicInteger();
        LedgerAudit.Scope scope = new LedgerAudit.Scope(
                Set.of(1), outcome -> found.addAndGet(reading.get().isClean() ? 0 : 1), 1);
        try (LedgerAudit audit = new LedgerAudit(connection, topics, Records.settings(PARTITIONS), scope, PATIENCE)) {
            reading.set(audit);

            // When
            audit.read((read, of) -> {});

            // Then
            long missing = audit.report().violations().get(AuditReport.Kind.MISSING_OUTCOME);
            assertThat(found).hasValue((int) missing - 1);
        }
    }

    @Test
    void shouldNotTakeOutcomesBehindAnOpenTransactionForMissing() {
        // Given
        Map<String, Object> connection = Map.of("bootstrap.servers", broker.bootstrapServers());
        AuditedTopics topics = new AuditedTopics("transactions-in", "transactions-out", "transactions-dlq", "tally");
        LedgerAudit.Scope scope = new LedgerAudit.Scope(Set.of(1), outcome -> {}, 1);
        try (KafkaProducer<byte[], byte[]> hanging = producer("hanging");
                LedgerAudit audit =
                        new LedgerAudit(connection, topics, Records.settings(PARTITIONS), scope, A_MOMENT)) {
            hanging.initTransactions();
            hanging.beginTransaction();
            hanging.send(new ProducerRecord<>("transactions-out", 1, null, new byte[0]));
            hanging.flush();

            // When, then
            assertThatThrownBy(() -> audit.read((read, of) -> {}))
                    .isInstanceOf(AuditRefusedException.class)
                    .hasMessageContaining("transactions-out-1 from")
                    .hasMessageContaining("transactional ids [hanging]");

            // When
            hanging.abortTransaction();
            audit.read((read, of) -> {});

            // Then
            assertThat(audit.report().violations()).isEmpty();
        }
    }

    /** Writes what the ledger has not: its first outcome in the partition once more, and one of a uid that was never sent. */
    private static void slipIn(int partition) throws Exception {
        ConsumerRecord<byte[], byte[]> first = firstOutcome(partition);
        String extra = new String(first.value(), StandardCharsets.UTF_8).replace("\"uid\":\"", "\"uid\":\"f");
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (byte[] value : List.of(first.value(), extra.getBytes(StandardCharsets.UTF_8))) {
                producer.send(new ProducerRecord<>(first.topic(), partition, first.key(), value))
                        .get();
            }
        }
    }

    /** @param told takes what is said meanwhile */
    private static int follow(ByteArrayOutputStream told, int partition) {
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        return Main.run(
                new Terminal(spoilt(), InputStream.nullInputStream(), out, out),
                "verify",
                "--follow",
                "--partition",
                Integer.toString(partition));
    }

    private static CommandRun verifySpoilt(int partition, String... more) {
        return CommandRun.of(
                spoilt(),
                "",
                Stream.concat(Stream.of("verify", "--partition", Integer.toString(partition)), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static Map<String, String> spoilt() {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "KAFKA_APPLICATION_ID",
                "spoilt",
                "TALLY_TOPIC_PREFIX",
                SPOILT);
    }

    private static TopicPartition outcomes(int partition) {
        return new TopicPartition(SPOILT + "transactions-out", partition);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static CommandRun verify(String... arguments) {
        return CommandRun.of(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                "",
                Stream.concat(Stream.of("verify"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static ConsumerRecord<byte[], byte[]> firstOutcome(int number) {
        TopicPartition partition = outcomes(number);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            return Awaitility.await()
                    .until(() -> consumer.poll(Duration.ofMillis(100)).records(partition), found -> !found.isEmpty())
                    .get(0);
        }
    }

    private static boolean isDrained(String input, int partitions, String group) throws Exception {
        try (Admin admin = admin()) {
            var ends = admin.listOffsets(IntStream.range(0, partitions)
                            .boxed()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(input, partition), ignored -> OffsetSpec.latest())))
                    .all()
                    .get();
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            // Behind the last record there may be the marker of a re-routing transaction, which nobody commits.
            return ends.entrySet().stream()
                    .allMatch(end -> committed.get(end.getKey()).offset()
                            >= end.getValue().offset() - 1);
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return producer(null);
    }

    private static KafkaProducer<byte[], byte[]> producer(@Nullable String transactionalId) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
        if (transactionalId != null) {
            config.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}

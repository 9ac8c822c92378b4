package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.gateway.Reply;
import io.tally.ledger.Command;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Source;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.wire.CommandDecoder;
import io.tally.wire.CurrencyTables;
import io.tally.wire.Decoded;
import io.tally.wire.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that was held up between adding its offsets and its commit, while another one takes its partition over. */
@Timeout(120)
class PredecessorsIT {
    /** Below the time-out of the open transaction, 60 s, and far above what a start takes beside others. */
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static LedgerRig rig;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        rig.close();
    }

    @Test
    void shouldTakeOverFromAProcessThatStandsBeforeItsCommit() throws Exception {
        RecordedFailStop failStop = new RecordedFailStop();
        TestLedger test = new TestLedger(rig, "heir", 1);
        Map<String, String> shortSession = Map.of("session.timeout.ms", "6000");
        UUID uid = UUID.randomUUID();
        byte[] json = DriverLedger.bytes(LedgerRig.command(uid, "DEPOSIT", "ada", "1"));
        try (KafkaProducer<byte[], byte[]> heldUp = rig.transactional("heir-" + UUID.randomUUID() + "-1")) {
            LedgerStreams one = rig.startLedger(test.settings("one", shortSession), failStop);
            LedgerStreams other = rig.startLedger(test.settings("other", shortSession), failStop);
            try {
                // Given: one entry is committed, and of the next everything but the commit itself is done. The group
                // gives the one partition to whom it likes.
                test.awaitOutcomeOf(test.depositTogether("ada").get(0));
                LedgerStreams owner = Awaitility.await()
                        .atMost(SOON)
                        .until(() -> answering(test, List.of(one, other)), Objects::nonNull);
                LedgerStreams heir = owner == one ? other : one;
                owner.close();
                RecordMetadata input =
                        rig.sendAndWait(new ProducerRecord<>(test.topics().input(), DriverLedger.bytes("ada"), json));
                decideAllButCommit(heldUp, test.topics(), json, input);

                // When
                Awaitility.await().atMost(SOON).until(() -> test.balance(heir, "ada") instanceof Reply.Found);

                // Then
                assertThatThrownBy(heldUp::commitTransaction)
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                Awaitility.await()
                        .atMost(SOON)
                        .until(() -> test.balance(heir, "ada").equals(TestLedger.found("ada", 2)));
            } finally {
                one.close();
                other.close();
            }
        }
        assertThat(test.outcomes()).hasSize(2);
        assertThat(test.outcomesOf(uid)).isEqualTo(1);
        assertThat(failStop.reasons()).isEmpty();
    }

    /** With less to do than it has threads, one of them begins nothing, and so ends nothing that was begun under its id. */
    @Test
    void shouldEndWhatAnyThreadOfTheFormerProcessLeftOpen() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "threads", 1);
        RecordedFailStop failStop = new RecordedFailStop();
        StreamSettings settings =
                ChangedSettings.of(test.settings("one", Map.of())).threads(2).build();
        try (LedgerStreams former = rig.startLedger(settings, failStop)) {
            test.awaitOutcomeOf(test.depositTogether("ada").get(0));
            assertThat(former.isRunning()).isTrue();
        }
        String ids = "threads-" + processId(settings) + "-";
        try (KafkaProducer<byte[], byte[]> first = rig.transactional(ids + 1);
                KafkaProducer<byte[], byte[]> second = rig.transactional(ids + 2)) {
            open(first, test.topics().journal(), 0);
            open(second, test.topics().journal(), 0);

            // When
            try (LedgerStreams next = rig.startLedger(settings, failStop)) {
                Awaitility.await().atMost(SOON).until(() -> test.balance(next, "ada") instanceof Reply.Found);
            }

            // Then
            for (KafkaProducer<byte[], byte[]> left : List.of(first, second)) {
                assertThatThrownBy(left::commitTransaction)
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            }
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    /** Kafka Streams keeps it beside the stores, and names transactional ids after it. */
    private static String processId(StreamSettings settings) throws IOException {
        Path file = settings.stateDirectory().resolve("threads").resolve("kafka-streams-process-metadata");
        Matcher json = Pattern.compile("\"processId\":\"([^\"]+)\"").matcher(Files.readString(file));
        assertThat(json.find()).isTrue();
        return json.group(1);
    }

    /** What leaves no entry does not tell whose partition it is about, but holds up its offsets or what is copied to. */
    @ParameterizedTest
    @EnumSource
    void shouldEndWhatAFormerOwnerLeftOpenWithoutAnEntry(WithoutEntry left) throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, left.ledger(), 1);
        RecordedFailStop failStop = new RecordedFailStop();
        try (LedgerStreams former = rig.startLedger(test.settings("one", Map.of()), failStop)) {
            test.awaitOutcomeOf(test.depositTogether("ada").get(0));
            assertThat(former.isRunning()).isTrue();
        }
        try (KafkaProducer<byte[], byte[]> gone = rig.transactional(left.ledger() + "-" + UUID.randomUUID() + "-1")) {
            gone.beginTransaction();
            left.send(gone, test);

            // When
            test.depositTogether("ada");
            try (LedgerStreams heir = rig.startLedger(test.settings("one", Map.of()), failStop)) {
                Awaitility.await()
                        .atMost(SOON)
                        .until(() -> test.balance(heir, "ada").equals(TestLedger.found("ada", 2)));
            }

            // Then
            assertThatThrownBy(gone::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private enum WithoutEntry {
        DEAD_LETTER {
            @Override
            void send(KafkaProducer<byte[], byte[]> producer, TestLedger test) {
                PredecessorsIT.send(producer, test.topics().deadLetters(), 0);
                producer.sendOffsetsToTransaction(
                        Map.of(new TopicPartition(test.topics().input(), 0), new OffsetAndMetadata(1)),
                        memberless(ledger()));
            }
        },
        REPEAT {
            @Override
            void send(KafkaProducer<byte[], byte[]> producer, TestLedger test) {
                producer.sendOffsetsToTransaction(
                        Map.of(new TopicPartition(test.topics().input(), 0), new OffsetAndMetadata(1)),
                        memberless(ledger()));
            }
        },
        COPY {
            @Override
            void send(KafkaProducer<byte[], byte[]> producer, TestLedger test) {
                PredecessorsIT.send(producer, test.topics().input(), 0);
            }
        };

        String ledger() {
            return "silent-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Does in the transaction what such a record leads to. */
        abstract void send(KafkaProducer<byte[], byte[]> producer, TestLedger test);
    }

    /** Offsets that somebody else holds up are not ours to end: the thread's other partitions are served meanwhile. */
    @Test
    void shouldServeOnePartitionWhileAnothersOffsetsAreHeldUp() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "held-offsets", 2);
        RecordedFailStop failStop = new RecordedFailStop();
        String served = test.userOf(1, "ada");
        try (LedgerStreams former = rig.startLedger(test.settings("one", Map.of()), failStop)) {
            test.awaitOutcomeOf(test.depositTogether(served).get(0));
            assertThat(former.isRunning()).isTrue();
        }
        try (KafkaProducer<byte[], byte[]> stranger = rig.transactional("stranger-with-offsets")) {
            stranger.beginTransaction();
            stranger.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(test.topics().input(), 0), new OffsetAndMetadata(0)),
                    memberless(test.name()));

            // When
            try (LedgerStreams ledger = new LedgerStart(test.settings("one", Map.of()), failStop).run(() -> {})) {
                Awaitility.await().atMost(SOON).until(() -> test.balance(ledger, served) instanceof Reply.Found);

                // Then: for longer than a lease holds without a word from the thread.
                Awaitility.await()
                        .during(Duration.ofSeconds(12))
                        .atMost(SOON)
                        .until(() -> test.balance(ledger, served).equals(TestLedger.found(served, 1)));
                stranger.abortTransaction();
            }
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    /** A healthy owner of other partitions takes longer for a transaction than a look, but not as long as all looks. */
    @Test
    void shouldLeaveAloneWhatEndsByItself() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "healthy", 1);
        try (LedgerStreams ledger = rig.startLedger(test.settings("first", Map.of()), new RecordedFailStop());
                KafkaProducer<byte[], byte[]> healthy = rig.transactional("healthy-sibling-1")) {
            open(healthy, test.topics().deadLetters(), 0);
            Predecessors predecessors = new Predecessors(
                    Map.of("bootstrap.servers", rig.bootstrapServers()), "healthy", test.topics(), Set.of());

            // When
            CompletableFuture<Void> looked = CompletableFuture.runAsync(() -> predecessors.endTransactions(
                    Set.of(new TopicPartition(test.topics().input(), 0))));
            Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);

            // Then
            healthy.commitTransaction();
            looked.get(SOON.toSeconds(), TimeUnit.SECONDS);
            healthy.beginTransaction();
            healthy.abortTransaction();
            assertThat(ledger.isRunning()).isTrue();
        }
    }

    @Test
    void shouldLeaveOthersAlone() {
        // Given
        TestLedger test = new TestLedger(rig, "leave", 2);
        RecordedFailStop failStop = new RecordedFailStop();
        try (LedgerStreams ledger = rig.startLedger(test.settings("first", Map.of()), failStop);
                KafkaProducer<byte[], byte[]> own = rig.transactional("leave-own-1");
                KafkaProducer<byte[], byte[]> elsewhere = rig.transactional("leave-sibling-1");
                KafkaProducer<byte[], byte[]> stranger = rig.transactional("stranger-1")) {
            open(own, test.topics().journal(), 0);
            open(elsewhere, test.topics().journal(), 1);
            // Of a record of partition 1, with no key or another one.
            send(elsewhere, test.topics().deadLetters(), 0);
            open(stranger, test.topics().output(), 0);
            Predecessors predecessors = new Predecessors(
                    Map.of("bootstrap.servers", rig.bootstrapServers()), "leave", test.topics(), Set.of("leave-own-1"));

            // When
            predecessors.endTransactions(Set.of(new TopicPartition(test.topics().input(), 0)));

            // Then
            own.abortTransaction();
            elsewhere.abortTransaction();
            stranger.abortTransaction();
            assertThat(ledger.isRunning()).isTrue();
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    /** The one that answers for the user's first deposit, if there is one. */
    private static @Nullable LedgerStreams answering(TestLedger test, List<LedgerStreams> ledgers) {
        return ledgers.stream()
                .filter(ledger -> test.balance(ledger, "ada").equals(TestLedger.found("ada", 1)))
                .findFirst()
                .orElse(null);
    }

    private static void open(KafkaProducer<byte[], byte[]> producer, String topic, int partition) {
        producer.beginTransaction();
        send(producer, topic, partition);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int partition) {
        var ignored = producer.send(new ProducerRecord<>(topic, partition, new byte[0], new byte[0]));
        producer.flush();
    }

    private static void decideAllButCommit(
            KafkaProducer<byte[], byte[]> producer, LedgerTopics topics, byte[] json, RecordMetadata input) {
        CommandDecoder decoder = new CommandDecoder(CurrencyTables.bundled(), "USD");
        Command command = ((Decoded.Valid) decoder.decode(null, json, input.timestamp())).command();
        JournalEntry entry = new JournalEntry(
                command, 2, 200, null, input.timestamp(), new Source(input.partition(), input.offset()));
        producer.beginTransaction();
        var outcome = producer.send(new ProducerRecord<>(topics.output(), 0, DriverLedger.bytes("ada"), json));
        var journal = producer.send(
                new ProducerRecord<>(topics.journal(), 0, JournalCodec.key(entry), JournalCodec.value(entry)));
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(topics.input(), 0), new OffsetAndMetadata(input.offset() + 1)),
                memberless("heir"));
        producer.flush();
        assertThat(outcome).isDone();
        assertThat(journal).isDone();
    }

    /** What a producer says of a group that it commits for without being a member. */
    private static ConsumerGroupMetadata memberless(String group) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", rig.bootstrapServers(), "group.id", group),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }
}

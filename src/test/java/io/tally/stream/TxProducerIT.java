package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.store.Acknowledged;
import io.tally.store.OnceTask;
import io.tally.store.Participant;
import io.tally.wire.JournalRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread's producer without a thread of Kafka Streams, whose calls the tests make. */
@Timeout(60)
class TxProducerIT {
    private static final LedgerTopics TOPICS = LedgerTopics.of("", "tx");
    private static final int PARTITIONS = 4;
    /** The ledger's count differs from the topics', to show whose counts. */
    private static final UserPartitions USERS = new UserPartitions(2);

    @SuppressWarnings("removal") // A consumer's would need a group that it has joined.
    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("tx");

    private static final byte[] USER = DriverLedger.bytes("ada");

    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;
    private static int producers;

    private final RecordedFailStop failStop = new RecordedFailStop();
    private final ThreadTransactions transactions = new ThreadTransactions(TOPICS.input());
    private final List<Runnable> late = new ArrayList<>();
    private final TxScope scope = new TxScope(TOPICS.input(), transactions.waiters(), CommitListener.NONE, late::add);
    private final FakeContext context = new FakeContext();
    private final RecordedParticipant store = new RecordedParticipant(new TopicPartition(TOPICS.journal(), 1));
    private final List<TxProducer> opened = new ArrayList<>();
    private String transactionalId;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
        TOPICS.names().forEach(topic -> new Accidents(admin).create(topic, PARTITIONS));
        // The first transactional id of a broker waits for its topic.
        fence("first");
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    @BeforeEach
    void nameTransaction() {
        transactionalId = "tx-" + ++producers;
    }

    @AfterEach
    void closeProducers() {
        // Without a wait: what is left open is the broker's to abort.
        opened.forEach(producer -> producer.close(Duration.ZERO));
    }

    @Test
    void shouldServeOneThreadOnly() {
        // Given
        TxProducer producer = producer(Map.of());
        assertThatThrownBy(transactions::current).isInstanceOf(IllegalStateException.class);

        // When
        producer.initTransactions();

        // Then
        assertThat(transactions.current()).isSameAs(scope);
    }

    @Test
    void shouldTellTheStoresOfACommitAndWhatWasAcknowledged() throws Exception {
        // Given
        TxProducer producer = begun(Map.of());
        Future<RecordMetadata> first = journal(producer, "entry");
        producer.flush();
        journal(producer, "entry");
        journal(producer, "entry");
        producer.send(new ProducerRecord<>(TOPICS.output(), USER, USER), null);
        producer.flush();

        // When
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);
        producer.commitTransaction();

        // Then
        assertThat(store.told())
                .containsExactly("committed 3 up to " + (first.get().offset() + 1), "written", "input 42");
        assertThat(failStop.reasons()).isEmpty();
        assertThatCode(producer::beginTransaction).doesNotThrowAnyException();
    }

    @Test
    void shouldSendEntriesOfAPartitionInOneRecordWhenItIsFlushed() throws Exception {
        // Given
        TxProducer producer = begun(Map.of());
        List<String> told = new ArrayList<>();

        // When
        for (String entry : List.of("first", "second", "third")) {
            store.put();
            producer.send(journalRecord(entry), (metadata, failure) -> told.add(entry + " " + metadata.offset()));
        }
        Future<RecordMetadata> sent = journal(producer, "fourth");
        assertThat(sent).isNotDone();
        producer.flush();
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);
        producer.commitTransaction();

        // Then
        assertThat(entriesAt(sent.get().offset())).containsExactly("first", "second", "third", "fourth");
        assertThat(told).containsExactly("third " + sent.get().offset());
        assertThat(store.told()).contains("committed 4 up to " + sent.get().offset());
    }

    /** Kafka Streams flushes before. Who did not would have outcomes in the transaction, and balances not. */
    @Test
    void shouldLeaveNoEntryBehindWhenItCommitsWithoutAFlush() throws Exception {
        // Given
        TxProducer producer = begun(Map.of());
        Future<RecordMetadata> sent = journal(producer, "only");
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);

        // When
        producer.commitTransaction();

        // Then
        assertThat(entriesAt(sent.get().offset())).containsExactly("only");
        assertThat(store.told()).contains("committed 1 up to " + sent.get().offset());
    }

    @Test
    void shouldRefuseACommitBeforeTheJournalHasWhatTheStoresHave() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "one");
        store.put();

        // When
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(offsets(1, 42), GROUP))
                .isInstanceOf(ProducerFencedException.class);

        // Then
        assertThat(failStop.reasons())
                .containsExactly("a commit came before the journal had the entries of partitions [1]");
        assertThat(store.told()).isEmpty();
        assertSpent(producer);
    }

    @Test
    void shouldRefuseACommitThatLeavesOutAnEntry() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "one");
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);
        journal(producer, "late");

        // When
        assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);

        // Then
        assertThat(failStop.reasons()).containsExactly("a commit left out entries of the journal");
        assertThat(store.told()).isEmpty();
        assertSpent(producer);
    }

    @Test
    void shouldSendEntriesOfEachPartitionToIt() throws Exception {
        // Given
        RecordedParticipant other = new RecordedParticipant(new TopicPartition(TOPICS.journal(), 2));
        TxProducer producer = begun(Map.of());
        scope.enlist(other);

        // When
        Future<RecordMetadata> first = journal(producer, "1a");
        other.put();
        Future<RecordMetadata> second =
                producer.send(new ProducerRecord<>(TOPICS.journal(), 2, USER, DriverLedger.bytes("2a")), null);
        assertThat(journal(producer, "1b")).isSameAs(first);
        producer.flush();
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);
        producer.commitTransaction();

        // Then
        assertThat(first.get().partition()).isEqualTo(1);
        assertThat(second.get().partition()).isEqualTo(2);
        assertThat(entriesAt(first.get().offset())).containsExactly("1a", "1b");
        assertThat(store.told()).contains("committed 2 up to " + first.get().offset());
        assertThat(other.told()).contains("committed 1 up to " + second.get().offset());
    }

    @Test
    void shouldStopWhenTheJournalCannotBeSentAtAll() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "entry");
        producer.close(Duration.ZERO);

        // When
        assertThatThrownBy(producer::flush).isInstanceOf(IllegalStateException.class);

        // Then
        assertThat(failStop.reasons()).containsExactly("a record could not be sent to the journal");
        assertSpent(producer);
    }

    @Test
    void shouldSendAFullRecordAtOnce() throws Exception {
        // Given
        TxProducer producer = begun(Map.of());
        Future<RecordMetadata> first = journal(producer, "first");

        // When
        Future<RecordMetadata> last = first;
        int entries = 1;
        for (; last == first; entries++) {
            last = journal(producer, "another");
        }
        producer.flush();
        producer.sendOffsetsToTransaction(offsets(1, 42), GROUP);
        producer.commitTransaction();

        // Then
        assertThat(last.get().offset()).isEqualTo(first.get().offset() + 1);
        assertThat(entriesAt(first.get().offset())).hasSize(entries - 1).startsWith("first", "another");
        assertThat(entriesAt(last.get().offset())).containsExactly("another");
        assertThat(store.told())
                .contains("committed " + entries + " up to " + last.get().offset());
    }

    @Test
    void shouldRefuseEverythingAfterAnAbort() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "entry");

        // When
        producer.abortTransaction();

        // Then
        assertThat(store.told()).containsExactly("aborted");
        assertThat(failStop.reasons()).containsExactly("a transaction is to be aborted");
        assertSpent(producer);
    }

    @Test
    void shouldRefuseACommitThatLeavesOutAPartition() {
        // Given
        TxProducer producer = begun(Map.of());
        scope.touch(1, context.context());
        scope.touch(3, context.context());
        journal(producer, "entry");

        // When
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(offsets(1, 0), GROUP))
                .isInstanceOf(ProducerFencedException.class);

        // Then
        assertThat(failStop.reasons()).singleElement().asString().contains("left out the offsets of partitions [3]");
        assertThat(store.told()).isEmpty();
        assertSpent(producer);
    }

    @Test
    void shouldRefuseAnEmptyCommitOfWhatWasRead() {
        // Given
        TxProducer producer = begun(Map.of());
        scope.touch(0, context.context());

        // Then
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(Map.of(), GROUP))
                .isInstanceOf(ProducerFencedException.class);
        assertSpent(producer);
    }

    @Test
    void shouldStopWhenTheStoreContradictsTheBrokers() {
        // Given
        RuntimeException contradiction = new IllegalStateException("Expected 2 records, but got 1");
        TxProducer producer = begun(Map.of());
        scope.enlist(failing(contradiction));
        journal(producer, "entry");
        producer.sendOffsetsToTransaction(offsets(1, 0), GROUP);

        // When
        assertThatThrownBy(producer::commitTransaction).isSameAs(contradiction);

        // Then
        assertThat(failStop.reasons()).containsExactly("a committed transaction could not be brought to the store");
        assertSpent(producer);
    }

    @Test
    void shouldStopWhenAnotherThreadCannotWriteTheStores() {
        // Given
        RuntimeException full = new IllegalStateException("The disk is full");
        TxProducer producer = begun(Map.of());
        for (int i = 0; i <= TxScope.AT_ONCE; i++) {
            scope.touch(1, context.context());
        }
        scope.enlist(writing(() -> {
            throw full;
        }));
        journal(producer, "entry");
        producer.sendOffsetsToTransaction(offsets(1, 0), GROUP);
        producer.commitTransaction();
        assertThat(failStop.reasons()).isEmpty();

        // When
        late.forEach(Runnable::run);

        // Then
        assertThat(failStop.reasons()).containsExactly("a committed transaction could not be brought to the store");
        assertSpent(producer);
    }

    @Test
    void shouldStopWhenARecordCannotBeSentInTime() {
        // Given: a topic that is not there, so that the wait for its metadata ends in a time-out.
        List<Exception> told = new ArrayList<>();
        TxProducer producer = begun(Map.of("max.block.ms", 3_000));
        scope.touch(1, context.context());

        // When
        producer.send(new ProducerRecord<>("nowhere", USER, USER), (metadata, failure) -> told.add(failure));

        // Then: Kafka Streams hears of it too, but later.
        assertThat(failStop.reasons()).containsExactly("a record could not be sent to nowhere");
        assertThat(told).hasSize(1).doesNotContainNull();
        assertSpent(producer);
        assertThat(store.told()).isEmpty();
    }

    /** It remembers how far the journal came. Of outcomes it would only count records and bytes (ADR 32). */
    @Test
    void shouldTellKafkaStreamsOfNoAcknowledgementButTheJournals() {
        // Given
        List<String> told = new ArrayList<>();
        TxProducer producer = begun(Map.of());

        // When
        producer.send(
                new ProducerRecord<>(TOPICS.output(), USER, USER), (metadata, failure) -> told.add(metadata.topic()));
        producer.send(journalRecord("entry"), (metadata, failure) -> told.add(metadata.topic()));
        producer.flush();

        // Then
        assertThat(told).containsExactly(TOPICS.journal());
    }

    @Test
    void shouldStopWhenItIsFencedAtTheCommit() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "entry");
        producer.flush();
        producer.sendOffsetsToTransaction(offsets(1, 0), GROUP);
        fence(transactionalId);

        // When
        assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);

        // Then
        assertThat(failStop.reasons()).containsExactly("the transaction could not be committed");
        assertThat(store.told()).isEmpty();
        assertSpent(producer);
    }

    @Test
    void shouldStopWhenItIsFencedAtTheOffsets() {
        // Given
        TxProducer producer = begun(Map.of());
        journal(producer, "entry");
        producer.flush();
        fence(transactionalId);

        // When
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(offsets(1, 0), GROUP))
                .isInstanceOf(KafkaException.class);

        // Then
        assertThat(failStop.reasons()).containsExactly("the input offsets could not be added to the transaction");
        assertSpent(producer);
    }

    @Test
    void shouldStopWhenItIsFencedAtASend() {
        // Given
        TxProducer producer = begun(Map.of());
        fence(transactionalId);
        List<Exception> told = new CopyOnWriteArrayList<>();

        // When
        producer.send(journalRecord("first"), (metadata, failure) -> told.add(failure));
        Future<RecordMetadata> sent = producer.send(journalRecord("last"), null);
        producer.flush();

        // Then
        assertThatThrownBy(sent::get).isInstanceOf(ExecutionException.class);
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> !told.isEmpty());
        assertThat(failStop.reasons()).first().asString().contains("could not be sent to the journal");
        assertThat(told).hasSize(1).doesNotContainNull();
        assertSpent(producer);
    }

    @Test
    void shouldComputeTheUsersPartitionItself() throws Exception {
        // Given
        byte[] user = DriverLedger.bytes(userWhosePartitionDiffers());
        TxProducer producer = begun(Map.of());
        // When
        int output = producer.send(new ProducerRecord<>(TOPICS.output(), user, USER), null)
                .get()
                .partition();
        int input = producer.send(new ProducerRecord<>(TOPICS.input(), user, USER), null)
                .get()
                .partition();
        int chosen = producer.send(new ProducerRecord<>(TOPICS.output(), 3, user, USER), null)
                .get()
                .partition();

        // Then
        assertThat(output).isEqualTo(USERS.of(user));
        assertThat(input).isEqualTo(USERS.of(user));
        assertThat(chosen).isEqualTo(3);
    }

    private static String userWhosePartitionDiffers() {
        UserPartitions topics = new UserPartitions(PARTITIONS);
        for (int number = 0; ; number++) {
            String user = "user-" + number;
            if (topics.of(user) != USERS.of(user)) {
                return user;
            }
        }
    }

    /** As Kafka Streams takes it for fencing: in the exception itself, but in the cause when sending. */
    private void assertSpent(TxProducer producer) {
        assertThatThrownBy(producer::beginTransaction).isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(offsets(1, 0), GROUP))
                .isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(() -> journal(producer, "entry"))
                .isExactlyInstanceOf(KafkaException.class)
                .hasCauseInstanceOf(ProducerFencedException.class);
    }

    private TxProducer begun(Map<String, Object> more) {
        TxProducer producer = producer(more);
        producer.initTransactions();
        producer.beginTransaction();
        scope.enlist(store);
        return producer;
    }

    private TxProducer producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", rig.bootstrapServers());
        config.put("transactional.id", transactionalId);
        TxProducer producer = new TxProducer(
                config,
                scope,
                new ClientParts(
                        transactions,
                        TOPICS,
                        USERS,
                        partitions -> {},
                        new GroupLease(),
                        new InputProgress(),
                        failStop));
        opened.add(producer);
        return producer;
    }

    private static void fence(String transactionalId) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", rig.bootstrapServers(), "transactional.id", transactionalId);
        try (KafkaProducer<byte[], byte[]> usurper =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            usurper.initTransactions();
        }
    }

    private Participant failing(RuntimeException failure) {
        return participant(() -> {
            throw failure;
        });
    }

    private Participant writing(Runnable write) {
        return participant(() -> new OnceTask(write));
    }

    private Participant participant(Supplier<OnceTask> commit) {
        return new Participant() {
            @Override
            public TopicPartition changelog() {
                return new TopicPartition(TOPICS.journal(), 1);
            }

            @Override
            public int openEntries() {
                return store.openEntries();
            }

            @Override
            public OnceTask committed(Acknowledged acknowledged) {
                return commit.get();
            }

            @Override
            public void aborted() {
                throw new AssertionError("Expected no abort");
            }

            @Override
            public void inputCommitted(long offset) {
                throw new AssertionError("Expected no offset of what failed");
            }
        };
    }

    /** Puts an entry, as Kafka Streams does. */
    private Future<RecordMetadata> journal(TxProducer producer, String entry) {
        store.put();
        return producer.send(journalRecord(entry), null);
    }

    private static ProducerRecord<byte[], byte[]> journalRecord(String entry) {
        return new ProducerRecord<>(TOPICS.journal(), 1, USER, DriverLedger.bytes(entry));
    }

    private static List<String> entriesAt(long offset) {
        List<String> entries = new ArrayList<>();
        // Other tests leave transactions open.
        rig.readAll(TOPICS.journal(), "read_uncommitted").stream()
                .filter(record -> record.partition() == 1 && record.offset() == offset)
                .forEach(record -> JournalRecord.read(record.key(), record.value(), (key, value) -> {
                    assertThat(key).isEqualTo(USER);
                    entries.add(new String(value, StandardCharsets.US_ASCII));
                }));
        return entries;
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(int partition, long offset) {
        return Map.of(new TopicPartition(TOPICS.input(), partition), new OffsetAndMetadata(offset));
    }
}

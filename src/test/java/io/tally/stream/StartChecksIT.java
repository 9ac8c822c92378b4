package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tally.ledger.LedgerSettings;
import io.tally.rig.Accidents;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.store.StoreMemory;
import io.tally.wire.CurrencyTables;
import io.tally.wire.JournalRecord;
import io.tally.wire.SettingsCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start makes, finishes and refuses; each case on a ledger of its own. */
class StartChecksIT {
    private static final int PARTITIONS = 2;
    private static final StoreMemory MEMORY = new StoreMemory(16L << 20);

    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;
    private static Accidents accidents;
    private static int ledgers;

    private StreamSettings settings;
    private LedgerTopics topics;
    private String group;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
        accidents = new Accidents(admin);
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    @BeforeEach
    void nameLedger() {
        settings = rig.settingsOf("ledger-" + ++ledgers, "one", PARTITIONS, Map.of());
        topics = settings.topics();
        group = settings.applicationId();
    }

    // ---- making a ledger

    @Test
    void shouldMakeALedgerWhereThereIsNothingOfOne() {
        // When
        LedgerSettings made = start(settings).settings();

        // Then
        assertThat(made.partitions()).isEqualTo(PARTITIONS);
        assertThat(made.defaultCurrency()).isEqualTo("USD");
        assertThat(accidents.committed(group)).hasSize(PARTITIONS).allSatisfy((partition, offset) -> {
            assertThat(partition.topic()).isEqualTo(topics.input());
            assertThat(offset.offset()).isZero();
        });
        assertThat(journal()).hasSize(PARTITIONS);
        assertThat(start(settings).settings()).isEqualTo(made);
    }

    @Test
    void shouldTakeThePartitionsOfTheLedgerThatExists() {
        // Given
        start(settings);

        // When
        LedgerSettings found = start(wanting(null, "USD", false, 1)).settings();

        // Then
        assertThat(found.partitions()).isEqualTo(PARTITIONS);
    }

    @Test
    void shouldFinishAStartThatOnlyMadeTheTopics() {
        // Given
        makeTopics();

        // When
        start(settings);

        // Then
        assertThat(journal()).hasSize(PARTITIONS);
        assertThat(accidents.committed(group)).hasSize(PARTITIONS);
    }

    @Test
    void shouldFinishAStartThatWroteTheSettingsToSomePartitions() {
        // Given
        openJournal(makeTopics(), List.of(1));

        // When
        start(settings);

        // Then
        assertThat(journal()).hasSize(PARTITIONS);
        assertThat(accidents.committed(group)).hasSize(PARTITIONS);
    }

    @Test
    void shouldFinishAStartThatCommittedNoOffsets() {
        // Given
        openJournal(makeTopics(), List.of(0, 1));

        // When
        start(settings);

        // Then
        assertThat(journal()).hasSize(PARTITIONS);
        assertThat(accidents.committed(group)).hasSize(PARTITIONS);
    }

    @Test
    void shouldFinishAStartOfTwoInstancesThatBothWroteTheSettings() {
        // Given
        FoundTopics found = makeTopics();
        openJournal(found, List.of(0, 1));
        openJournal(found, List.of(0, 1));

        // When
        start(settings);

        // Then
        assertThat(accidents.committed(group)).hasSize(PARTITIONS);
    }

    @RepeatedTest(4)
    void shouldMakeOneLedgerWhenInstancesStartAtOnce() throws Exception {
        // Given
        List<StreamSettings> instances = Stream.of("one", "two", "three")
                .map(instance -> rig.settingsOf(group, instance, PARTITIONS, Map.of()))
                .toList();
        CyclicBarrier together = new CyclicBarrier(instances.size());
        ExecutorService threads = Executors.newFixedThreadPool(instances.size());
        List<LedgerIdentity> made = new ArrayList<>();

        // When
        try {
            List<Callable<LedgerIdentity>> starts = new ArrayList<>();
            instances.forEach(instance -> starts.add(() -> {
                together.await();
                return start(instance);
            }));
            for (Future<LedgerIdentity> start : threads.invokeAll(starts)) {
                made.add(start.get());
            }
        } finally {
            threads.shutdown();
        }

        // Then
        assertThat(made).containsOnly(made.get(0));
        assertThat(journal())
                .hasSizeBetween(PARTITIONS, instances.size() * PARTITIONS)
                .allSatisfy(opening -> assertThat(SettingsCodec.decode(opening.value()))
                        .isEqualTo(made.get(0).settings()));
        assertThat(accidents.committed(group)).hasSize(PARTITIONS);
    }

    @Test
    void shouldFindTheLedgerThatAnotherInstanceMakesInTheMiddleOfItsLook() {
        // Given: offsets that are committed just before they are looked at.
        FoundTopics found = makeTopics();
        GroupOffsets late = new GroupOffsets(admin, group, topics.input(), PARTITIONS) {
            @Override
            Map<TopicPartition, Long> committed() {
                start(settings);
                return super.committed();
            }
        };
        Journal journal = new Journal(settings.kafka(), topics.journal(), PARTITIONS);

        // When
        List<JournalEnds> ends = new StartChecks(settings, CurrencyTables.bundled())
                .openNewPartitions(journal, late, wanted(), found.idsOfRecords(), false);

        // Then
        assertThat(ends).extracting(JournalEnds::settings).containsOnly(wanted());
        assertThat(journal()).hasSize(PARTITIONS);
    }

    @Test
    void shouldRefuseMoreReplicasThanThereAreBrokers() {
        assertThat(refusal(wanting(PARTITIONS, "USD", false, 3))).contains("cannot be created", "TALLY_REPLICATION");
    }

    // ---- topics

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldRefuseAMissingTopic(int which) {
        // Given
        start(settings);
        String topic = topics.names().get(which);
        accidents.delete(topic);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("Topic " + topic + " is missing", "backup", "TALLY_TOPIC_PREFIX");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldRefuseATopicThatWasMadeAgain(int which) {
        // Given
        start(settings);
        String topic = topics.names().get(which);
        accidents.remake(topic, PARTITIONS);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains(topic, "was deleted and made again", "backup", "TALLY_TOPIC_PREFIX");
    }

    @ParameterizedTest
    @CsvSource({"0,compact", "1,compact", "0,'compact,delete'", "2,compact"})
    void shouldRefuseACompactedTopic(int which, String policy) {
        // Given
        start(settings);
        String topic = topics.names().get(which);
        accidents.configure(topic, "cleanup.policy", policy);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("Topic " + topic, "Set cleanup.policy=delete");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldRefuseAnotherPartitionCount(int which) {
        // Given
        for (String topic : topics.names()) {
            accidents.create(topic, topic.equals(topics.names().get(which)) ? 3 : PARTITIONS);
        }

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains(
                        "Topic " + topics.names().get(which) + " has 3 partitions and " + topics.input() + " has 2",
                        "backup");
    }

    @Test
    void shouldRefuseAnInputThatGotMorePartitions() {
        // Given
        start(settings);
        accidents.addPartitions(topics.input(), 3);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains(topics.input() + " has 3", "users would change their partition");
    }

    @Test
    void shouldRefuseAnotherNumberOfPartitionsInTheSettings() {
        // Given
        start(settings);

        // When
        String refusal = refusal(wanting(4, "USD", false, 1));

        // Then
        assertThat(refusal).contains("TALLY_PARTITIONS is 4", topics.input() + " has 2", "set it to 2");
    }

    @Test
    void shouldRefuseTooFewReplicasInSync() {
        // Given
        start(settings);
        accidents.configure(topics.output(), "min.insync.replicas", "2");

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("topic " + topics.output(), "min.insync.replicas=2", "Bring its brokers back");
    }

    @Test
    void shouldWarnOfFiniteRetentionOfTheInput() {
        // Given
        start(settings);
        accidents.configure(topics.input(), "retention.ms", "86400000");

        // When
        String logged = logOf(() -> start(settings));

        // Then
        assertThat(logged).contains("WARN", topics.input() + " has finite retention", "Set retention.ms=-1");
    }

    @ParameterizedTest
    @CsvSource({"retention.ms,86400000", "retention.bytes,1000000"})
    void shouldRefuseFiniteRetentionOfTheJournal(String key, String value) {
        // Given
        start(settings);
        accidents.configure(topics.journal(), key, value);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains(topics.journal() + " has finite retention", "Set retention.ms=-1 and retention.bytes=-1");
    }

    // ---- settings

    @Test
    void shouldRefuseAnotherDefaultCurrency() {
        // Given
        start(settings);

        // When
        String refusal = refusal(wanting(PARTITIONS, "EUR", false, 1));

        // Then
        assertThat(refusal).contains("TALLY_CURRENCY is EUR", "made with USD", "Set it back to USD");
    }

    @Test
    void shouldRefuseAnUnknownDefaultCurrencyBeforeAnythingIsWritten() {
        // When
        String refusal = refusal(wanting(PARTITIONS, "XXY", false, 1));

        // Then
        assertThat(refusal).contains("TALLY_CURRENCY is XXY", "Use an ISO 4217 code");
    }

    @Test
    void shouldRefuseAnotherRegistrationRule() {
        // Given
        start(settings);

        // When
        String refusal = refusal(wanting(PARTITIONS, "USD", true, 1));

        // Then
        assertThat(refusal).contains("TALLY_REQUIRE_REGISTRATION is true", "Set it back to false");
    }

    // ---- what was lost

    @Test
    void shouldRefuseAnEmptyJournalOfALedgerInUse() {
        // Given
        start(settings);
        accidents.remake(topics.journal(), PARTITIONS);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("[0, 1] of " + topics.journal(), "are empty", "backup", "OPERATIONS.md");
        assertThat(journal()).isEmpty();
    }

    @Test
    void shouldRefuseALedgerOfWhichOnlyTheOutcomesAreLeft() {
        // Given
        start(settings);
        appendOutcome();
        accidents.remake(topics.journal(), PARTITIONS);
        accidents.forget(group, Set.of(input(0), input(1)));

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains(topics.output() + " has outcomes", topics.journal(), "TALLY_TOPIC_PREFIX");
        assertThat(journal()).isEmpty();
        assertThat(accidents.committed(group)).isEmpty();
    }

    /** What is written has the input's times: of before a long stop, or of a client whose clock is ahead. */
    @ParameterizedTest
    @ValueSource(strings = {"message.timestamp.before.max.ms", "message.timestamp.after.max.ms"})
    void shouldRefuseATopicThatWouldRefuseTheInputsTimes(String limit) {
        // Given
        start(settings);
        accidents.configure(topics.output(), limit, "86400000");

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains(topics.output(), limit + "=86400000", "Set ");
    }

    /** A command that is brought to its user's partition keeps its time, which may be of before a long stop, or of 1970. */
    @Test
    void shouldRefuseAnInputThatWouldRefuseItsOwnTimes() {
        // Given
        start(settings);
        accidents.configure(topics.input(), "message.timestamp.type", "CreateTime");
        accidents.configure(topics.input(), "message.timestamp.before.max.ms", "86400000");

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains(
                        topics.input() + " has message.timestamp.type=CreateTime",
                        "message.timestamp.before.max.ms=86400000",
                        "Set message.timestamp.before.max.ms to 9223372036854775807");
    }

    @ParameterizedTest
    @CsvSource({"CreateTime,message.timestamp.after.max.ms", "LogAppendTime,message.timestamp.before.max.ms"})
    void shouldTakeAnInputThatCannotRefuseWhatItTookOnce(String dated, String limit) {
        // Given
        start(settings);
        accidents.configure(topics.input(), "message.timestamp.type", dated);
        accidents.configure(topics.input(), limit, "86400000");

        // When
        LedgerIdentity started = start(settings);

        // Then
        assertThat(started.settings().partitions()).isEqualTo(PARTITIONS);
    }

    @ParameterizedTest
    @CsvSource({"0,16384,81920", "1,2048,4096", "2,16384,81920", "2,81919,81920", "3,4096,8192"})
    void shouldRefuseATopicThatWouldRefuseTheLargestRecord(int which, String limit, String enough) {
        // Given
        start(settings);
        String topic = topics.names().get(which);
        accidents.configure(topic, "max.message.bytes", limit);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains("Topic " + topic + " has max.message.bytes=" + limit, "Set max.message.bytes to " + enough);
    }

    @Test
    void shouldTakeTopicsThatTakeTheLargestRecords() {
        // Given
        start(settings);
        for (String topic : topics.names()) {
            accidents.configure(topic, "max.message.bytes", Integer.toString(topics.largestRecord(topic)));
        }

        // When
        LedgerIdentity started = start(settings);

        // Then
        assertThat(started.settings().partitions()).isEqualTo(PARTITIONS);
    }

    @Test
    void shouldRefuseAnEmptyJournalPartitionBesideDecidedOnes() {
        // Given
        openJournal(makeTopics(), List.of(1));
        appendEntry(1);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("[0] of " + topics.journal(), "are empty", "backup");
    }

    @Test
    void shouldRefuseAJournalInWhichANewerTallyHasWritten() {
        // Given
        start(settings);
        appendEntry(1, JournalRecord.VERSION + 1);
        appendEntry(1);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("Partition 1 of " + topics.journal(), "records of version 3", "newer");
    }

    @Test
    void shouldRefuseAJournalWithoutItsFirstRecords() {
        // Given
        start(settings);
        appendEntry(1);
        accidents.deleteRecords(new TopicPartition(topics.journal(), 1), 1);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains("Partition 1 of " + topics.journal(), "does not begin with the ledger's settings", "backup");
    }

    @Test
    void shouldRefuseAJournalOfWhichEverythingWasDeleted() {
        // Given
        start(settings);
        accidents.deleteRecords(new TopicPartition(topics.journal(), 0), 1);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("Partition 0 of " + topics.journal(), "were deleted", "backup");
    }

    @Test
    void shouldRefuseALostOffset() {
        // Given
        start(settings);
        accidents.forget(group, Set.of(input(1)));

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains("Group " + group, "no committed offset for " + input(1), "--reset-offsets --to-earliest");
    }

    @Test
    void shouldRefuseTheLossOfAllOffsetsOfALedgerInUse() {
        // Given
        start(settings);
        appendEntry(0);
        accidents.forget(group, Set.of(input(0), input(1)));

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("Group " + group, "no committed offset", "--reset-offsets");
        assertThat(accidents.committed(group)).isEmpty();
    }

    @Test
    void shouldRefuseAnOffsetBeyondTheEnd() {
        // Given
        start(settings);
        accidents.commit(group, input(0), 7);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("committed offset 7 of " + input(0), "lies outside of its records, 0 to 0");
        assertThat(refusal).contains("backup");
    }

    @Test
    void shouldRefuseAnOffsetBeforeTheBeginning() {
        // Given
        start(settings);
        for (int i = 0; i < 3; i++) {
            rig.sendAndWait(new ProducerRecord<>(topics.input(), 1, null, new byte[1]));
        }
        accidents.deleteRecords(input(1), 2);

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains("committed offset 0 of " + input(1), "2 to 3", "backup");
    }

    // ---- how

    private static LedgerIdentity start(StreamSettings settings) {
        return new StartChecks(settings, CurrencyTables.bundled()).run(MEMORY);
    }

    private static String refusal(StreamSettings settings) {
        StartRefusedException refusal = catchThrowableOfType(StartRefusedException.class, () -> start(settings));
        assertThat(refusal).as("the start is refused").isNotNull();
        return refusal.getMessage();
    }

    private StreamSettings wanting(Integer partitions, String currency, boolean registration, int replication) {
        return ChangedSettings.of(settings)
                .ledger(new StreamSettings.NewLedger(partitions, (short) replication, 1, currency, registration))
                .build();
    }

    private FoundTopics makeTopics() {
        return new TopicsCheck(admin, topics, settings.ledger()).findOrCreate(true);
    }

    private void openJournal(FoundTopics found, List<Integer> partitions) {
        new Journal(settings.kafka(), topics.journal(), PARTITIONS).open(partitions, wanted(), found.idsOfRecords());
    }

    private static LedgerSettings wanted() {
        return new LedgerSettings(
                PARTITIONS, "USD", false, CurrencyTables.bundled().version(), LedgerSettings.RULES_VERSION);
    }

    private void appendEntry(int partition) {
        appendEntry(partition, JournalRecord.VERSION);
    }

    private void appendEntry(int partition, int version) {
        rig.sendAndWait(new ProducerRecord<>(
                topics.journal(), partition, "an entry".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) version}));
    }

    private void appendOutcome() {
        rig.sendAndWait(new ProducerRecord<>(topics.output(), "ada".getBytes(StandardCharsets.UTF_8), new byte[1]));
    }

    private List<ConsumerRecord<byte[], byte[]>> journal() {
        return rig.readAll(topics.journal());
    }

    private TopicPartition input(int partition) {
        return new TopicPartition(topics.input(), partition);
    }

    private static String logOf(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}

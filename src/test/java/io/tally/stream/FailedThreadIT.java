package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.rig.TallyProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of two threads cannot send, as the brokers no longer take its records: the other one stops with it (ADR 9). */
@Timeout(150)
class FailedThreadIT {
    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    @Test
    void shouldEndTheProcessAndComeBackWithEveryOutcome() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "halting", 2);
        List<UUID> uids = new ArrayList<>();
        try (TallyProcess process = start(test, "first.txt")) {
            process.awaitOutput("Try    ", LedgerRig.PATIENCE);
            uids.addAll(depositToEach(test));
            await(() -> partitionsByThread(test.name()).equals(Map.of("one-1", 1, "one-2", 1)));

            // When
            limitOutcomes(test, 100);
            await(() -> {
                uids.addAll(test.depositTogether(test.userOf(0, "user-")));
                return !process.isAlive();
            });

            // Then
            assertThat(process.awaitExit(LedgerRig.PATIENCE)).isEqualTo(FailStop.EXIT_CODE);
            assertThat(process.output())
                    .contains("Stopping at once to come back from the bookmark: a record could not be sent to "
                            + test.topics().output());
        }
        uids.addAll(test.depositTogether(test.userOf(1, "user-")));
        liftLimit(test);
        try (TallyProcess process = start(test, "second.txt")) {
            uids.forEach(test::awaitOutcomeOf);
            assertThat(test.outcomes()).hasSize(uids.size());
            assertThat(process.isAlive()).isTrue();
        }
    }

    private static TallyProcess start(TestLedger test, String output) {
        return TallyProcess.start(
                directory.resolve(output),
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", rig.bootstrapServers(),
                        "KAFKA_APPLICATION_ID", test.name(),
                        "KAFKA_GROUP_INSTANCE_ID", "one",
                        "TALLY_TOPIC_PREFIX", test.name() + "-",
                        "TALLY_PARTITIONS", Integer.toString(test.partitions()),
                        "TALLY_DATA_DIR", directory.resolve(test.name()).toString(),
                        "TALLY_HTTP_PORT", "0"),
                "serve");
    }

    /** What holds if the stop itself came to nothing: no thread goes on without the other, and none takes its place. */
    @Test
    void shouldEndTheOtherThreadThoughTheProcessGoesOn() throws Exception {
        // Given
        TestLedger test = new TestLedger(rig, "going-on", 2);
        RecordedFailStop failStop = new RecordedFailStop();
        StreamSettings settings =
                ChangedSettings.of(test.settings("one", Map.of())).threads(2).build();
        try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
            depositToEach(test);
            await(() -> partitionsByThread(test.name()).equals(Map.of("one-1", 1, "one-2", 1)));
            assertThat(streamThreads(test.name())).hasSize(2);

            // When
            limitOutcomes(test, 100);
            await(() -> {
                test.depositTogether(test.userOf(0, "user-"));
                return !failStop.reasons().isEmpty();
            });

            // Then
            await(() -> streamThreads(test.name()).isEmpty());
            assertThat(failStop.reasons())
                    .startsWith("a record could not be sent to " + test.topics().output())
                    .contains("a stream thread died");
            assertThat(TestLedger.partitionsOf(ledger)).isEmpty();
            assertThat(ledger.isReady()).isFalse();
        }
    }

    private static List<UUID> depositToEach(TestLedger test) {
        List<UUID> uids = test.depositTogether(IntStream.range(0, test.partitions())
                .mapToObj(partition -> test.userOf(partition, "user-"))
                .toArray(String[]::new));
        uids.forEach(test::awaitOutcomeOf);
        return uids;
    }

    /** How many partitions each member of the group has, by its static id. */
    private static Map<String, Integer> partitionsByThread(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .collect(Collectors.toMap(
                        member -> member.groupInstanceId().orElse(""),
                        member -> member.assignment().topicPartitions().size()));
    }

    /** Kafka Streams names them after the group. */
    private static List<String> streamThreads(String group) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches(group + "-.*-StreamThread-[0-9]+"))
                .toList();
    }

    /** From soon on the brokers take no larger outcomes. */
    private static void limitOutcomes(TestLedger test, int bytes) throws Exception {
        alterOutput(test, Integer.toString(bytes), AlterConfigOp.OpType.SET);
    }

    private static void liftLimit(TestLedger test) throws Exception {
        alterOutput(test, "", AlterConfigOp.OpType.DELETE);
    }

    private static void alterOutput(TestLedger test, String value, AlterConfigOp.OpType type) throws Exception {
        ConfigResource output =
                new ConfigResource(ConfigResource.Type.TOPIC, test.topics().output());
        ConfigEntry limit = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, value);
        admin.incrementalAlterConfigs(Map.of(output, List.of(new AlterConfigOp(limit, type))))
                .all()
                .get();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }
}

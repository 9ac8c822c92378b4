package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is copied to another number of partitions decides the same. */
class InputCopyIT {
    private static final int BEFORE = 2;
    private static final int AFTER = 5;
    private static final int COMMANDS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long seed = Long.getLong("tally.seed", System.nanoTime());
    private final RecordedFailStop failStop = new RecordedFailStop();

    @TempDir
    Path directory;

    @Test
    void shouldDecideTheSameInMorePartitions() throws Exception {
        System.out.println("seed " + seed);
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            StreamSettings before = rig.settingsOf("old", "one", BEFORE, Map.of());
            StreamSettings after = rig.settingsOf("new", "one", AFTER, Map.of());
            CommandGenerator commands =
                    new CommandGenerator(seed, before.topics().input(), Mix.rough(200, BEFORE));
            decide(rig, before, () -> {
                for (int i = 0; i < COMMANDS; i++) {
                    rig.send(commands.next());
                }
                rig.flush();
            });

            // When
            InputCopy.Result result = copy(before, after);
            decide(rig, after, () -> {});

            // Then
            assertThat(result.elsewhere()).isPositive();
            assertThat(result.copied() + result.elsewhere())
                    .isEqualTo(rig.readAll(before.topics().input()).size());
            assertThat(result.forged()).isZero();
            assertThat(timestampType(rig, after)).isEqualTo("LogAppendTime");
            assertThat(outcomes(rig, after)).isEqualTo(outcomes(rig, before)).hasSizeGreaterThan(COMMANDS / 2);
            assertThat(rig.readAll(after.topics().deadLetters()))
                    .hasSameSizeAs(rig.readAll(before.topics().deadLetters()))
                    .isNotEmpty();
            assertThatThrownBy(() -> copy(before, after))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageStartingWith("There are topics of the new ledger already");
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsNotDecided() {
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            StreamSettings before = rig.settingsOf("old", "one", BEFORE, Map.of());
            decide(rig, before, () -> {});
            rig.sendAndWait(
                    new ProducerRecord<>(before.topics().input(), "ada".getBytes(StandardCharsets.UTF_8), new byte[1]));

            // When, Then
            assertThatThrownBy(() -> copy(before, rig.settingsOf("new", "one", AFTER, Map.of())))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("is not decided");
            // What was copied so far is no ledger.
            assertThatThrownBy(() ->
                            new LedgerStart(rig.settingsOf("new", "one", AFTER, Map.of()), failStop).run(() -> {}))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("is missing");
        }
    }

    /** Kafka took them, and told their producers so. */
    @Test
    void shouldCopyWhatCameToAddedPartitionsBehindWhatWasDecided() throws Exception {
        try (LedgerRig rig = LedgerRig.start(directory);
                Admin admin = rig.admin()) {
            // Given
            StreamSettings before = rig.settingsOf("old", "one", BEFORE, Map.of());
            StreamSettings after = rig.settingsOf("new", "one", AFTER, Map.of());
            String input = before.topics().input();
            decide(rig, before, () -> rig.sendAndWait(withdrawal(input, null, 1)));
            new Accidents(admin).addPartitions(input, 8);
            rig.sendAndWait(withdrawal(input, 5, 2));
            rig.sendAndWait(withdrawal(input, 7, 1));
            rig.sendAndWait(new ProducerRecord<>(input, 6, null, "x".getBytes(StandardCharsets.UTF_8)));

            // When
            InputCopy.Result result = copy(before, after);
            decide(rig, after, () -> {});

            // Then
            assertThat(result).isEqualTo(new InputCopy.Result(4, 0, 0, 3));
            assertThat(rig.readAll(after.topics().output()))
                    .extracting(
                            record -> JSON.readTree(record.value()).path("uid").asText())
                    .containsExactly(uid(1), uid(2));
            assertThat(outcomes(rig, after)).containsAllEntriesOf(outcomes(rig, before));
            assertThat(rig.readAll(after.topics().deadLetters())).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAnInputThatLostItsBeginning() {
        try (LedgerRig rig = LedgerRig.start(directory);
                Admin admin = rig.admin()) {
            // Given
            StreamSettings before = rig.settingsOf("old", "one", BEFORE, Map.of());
            decide(
                    rig,
                    before,
                    () -> rig.sendAndWait(new ProducerRecord<>(
                            before.topics().input(), 1, null, "x".getBytes(StandardCharsets.UTF_8))));
            new Accidents(admin)
                    .deleteRecords(new TopicPartition(before.topics().input(), 1), 1);

            // When, Then
            assertThatThrownBy(() -> copy(before, rig.settingsOf("new", "one", AFTER, Map.of())))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("The first 1 records of old-transactions-in-1");
        }
    }

    @Test
    void shouldRefuseOtherRules() {
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            StreamSettings before = rig.settingsOf("old", "one", BEFORE, Map.of());
            decide(rig, before, () -> {});

            // When, Then
            assertThatThrownBy(() -> new InputCopy(
                            before.kafka(),
                            before.topics(),
                            rig.settingsOf("new", "one", AFTER, Map.of()).topics(),
                            new StreamSettings.NewLedger(AFTER, (short) 1, 1, "EUR", false)))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("Set the same TALLY_CURRENCY");
        }
    }

    private static ProducerRecord<byte[], byte[]> withdrawal(String topic, @Nullable Integer partition, int number) {
        String json = "{\"uid\":\"" + uid(number) + "\",\"user_id\":\"ada\",\"type\":\"WITHDRAW\",\"amount\":\""
                + number + "\"}";
        return new ProducerRecord<>(
                topic, partition, "ada".getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8));
    }

    private static String uid(int number) {
        return "00000000-0000-4000-8000-00000000000" + number;
    }

    private static InputCopy.Result copy(StreamSettings before, StreamSettings after) {
        return new InputCopy(before.kafka(), before.topics(), after.topics(), after.ledger())
                .run(before.applicationId());
    }

    /** Lets a ledger decide what is sent, and stops it. */
    private void decide(LedgerRig rig, StreamSettings settings, Runnable sending) {
        try (LedgerStreams ledger = rig.startLedger(settings, failStop)) {
            sending.run();
            Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(settings));
            assertThat(ledger.isRunning()).isTrue();
        }
    }

    private static String timestampType(LedgerRig rig, StreamSettings settings) throws Exception {
        ConfigResource input =
                new ConfigResource(ConfigResource.Type.TOPIC, settings.topics().input());
        try (Admin admin = rig.admin()) {
            return admin.describeConfigs(List.of(input))
                    .all()
                    .get()
                    .get(input)
                    .get("message.timestamp.type")
                    .value();
        }
    }

    /** Every outcome by its event id, without its place. */
    private static Map<String, ObjectNode> outcomes(LedgerRig rig, StreamSettings settings) throws IOException {
        Map<String, ObjectNode> outcomes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                rig.readAll(settings.topics().output())) {
            ObjectNode outcome = (ObjectNode) JSON.readTree(record.value());
            outcome.remove("source");
            String id = new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
            assertThat(outcomes.put(id, outcome)).isNull();
        }
        return outcomes;
    }
}

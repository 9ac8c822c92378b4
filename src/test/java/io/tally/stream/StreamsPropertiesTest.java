package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsPropertiesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "consumer.", "main.consumer.", "restore.consumer.", "global.consumer."})
    void shouldReadOnlyWhatIsCommittedWhateverTheOperatorSets(String client) {
        // When
        StreamsConfig config = of(Map.of(
                client + "isolation.level", "read_uncommitted",
                client + "auto.offset.reset", "latest",
                client + "enable.auto.commit", "true"));

        // Then
        assertThat(mainConsumer(config))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", "false");
        assertThat(mainConsumer(config).get("auto.offset.reset")).isNotEqualTo("latest");
        assertThat(config.getRestoreConsumerConfigs("restore"))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "producer."})
    void shouldWriteInTransactionsWhateverTheOperatorSets(String client) {
        // When
        Map<String, Object> producer = of(Map.of(
                        client + "acks", "1",
                        client + "enable.idempotence", "false",
                        client + "transactional.id", "mine",
                        client + "transaction.two.phase.commit.enable", "true",
                        client + "partitioner.class", "org.example.Mine"))
                .getProducerConfigs("producer");

        // Then
        assertThat(producer)
                .containsEntry("enable.idempotence", true)
                .doesNotContainKeys(
                        "acks", "transactional.id", "transaction.two.phase.commit.enable", "partitioner.class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "consumer.", "main.consumer."})
    void shouldStayAStaticMemberOfTheClassicGroupWhateverTheOperatorSets(String client) {
        // When
        StreamsConfig config = of(Map.of(
                client + "group.protocol", "consumer",
                client + "group.id", "mine",
                client + "group.instance.id", "mine",
                client + "partition.assignment.strategy", "org.example.Mine"));

        // Then
        assertThat(config.getString("group.protocol")).isEqualTo("classic");
        assertThat(mainConsumer(config))
                .containsEntry("group.id", "application")
                .containsEntry("group.instance.id", "instance-0")
                .doesNotContainEntry("group.protocol", "consumer")
                .doesNotContainEntry("partition.assignment.strategy", "org.example.Mine");
    }

    @Test
    void shouldKeepTheGuaranteeAndTheHandlersWhateverTheOperatorSets() {
        // Given
        String goOn = LogAndContinueExceptionHandler.class.getName();

        // When
        Map<String, Object> originals = of(Map.of(
                        "processing.guarantee", "at_least_once",
                        "application.id", "mine",
                        "deserialization.exception.handler", goOn,
                        "default.deserialization.exception.handler", goOn,
                        "production.exception.handler", goOn,
                        "processing.exception.handler", goOn,
                        "default.client.supplier", "org.example.Mine",
                        "__processing.threads.enabled__", "true",
                        "internal.task.assignor.class", "org.example.Mine",
                        "ensure.explicit.internal.resource.naming", "false"))
                .originals();

        // Then
        assertThat(originals)
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("application.id", "application")
                .containsEntry("ensure.explicit.internal.resource.naming", true)
                .doesNotContainValue("org.example.Mine")
                .doesNotContainValue(goOn)
                .doesNotContainKey("__processing.threads.enabled__");
    }

    @Test
    void shouldKeepFixedSettingsFromEveryClient() {
        // When: topic checks and journal take these as they are.
        Map<String, String> kafka = settings(Map.of("isolation.level", "read_uncommitted", "acks", "0", "a.b", "c"))
                .kafka();

        // Then
        assertThat(kafka).containsOnlyKeys("bootstrap.servers", "a.b");
    }

    @Test
    void shouldGiveUpPartitionsBeforeTheTransaction() {
        // When
        StreamsConfig config = of(Map.of());

        // Then
        long poll = Long.parseLong("" + mainConsumer(config).get("max.poll.interval.ms"));
        long transaction =
                Long.parseLong("" + config.getProducerConfigs("producer").get("transaction.timeout.ms"));
        assertThat(poll).isEqualTo(45_000).isLessThan(transaction);
        assertThat(transaction).isEqualTo(60_000);
        assertThat(mainConsumer(config)).containsEntry("session.timeout.ms", 10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"max.poll.interval.ms", "consumer.max.poll.interval.ms", "main.consumer.max.poll.interval.ms"})
    void shouldRefuseAPollIntervalThatTheTransactionDoesNotOutlive(String name) {
        assertThatThrownBy(() -> of(Map.of(name, "60000")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("max.poll.interval.ms is 60000", "KAFKA_TRANSACTION_TIMEOUT_MS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.request.size", "producer.max.request.size", "buffer.memory", "producer.buffer.memory"})
    void shouldRefuseAProducerThatCannotTakeTheLargestRecord(String name) {
        assertThatThrownBy(() -> of(Map.of(name, "81919")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(name.replace("producer.", "") + " is 81919", "Set KAFKA_", " to 81920");
        assertThatCode(() -> of(Map.of(name, "81920"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.poll.records", "consumer.max.poll.records", "main.consumer.max.poll.records"})
    void shouldLetTheOperatorTuneUnderAnyName(String name) {
        assertThat(mainConsumer(of(Map.of(name, "7")))).containsEntry("max.poll.records", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.poll.interval.ms", "transaction.timeout.ms"})
    void shouldTakeANumberWithBlanksAsKafkaDoes(String name) {
        assertThatCode(() -> of(Map.of(name, " 50000 "))).doesNotThrowAnyException();
    }

    @Test
    void shouldNotPauseAPartitionForWhatOnePollBrings() {
        // Given
        StreamsConfig config = of(Map.of());

        // Then
        assertThat(config.getInt(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG))
                .isGreaterThan((int) mainConsumer(config).get("max.poll.records"));
    }

    @Test
    void shouldKeepOursWhenAnotherClientIsTuned() {
        assertThat(mainConsumer(of(Map.of("restore.consumer.max.poll.records", "7"))))
                .containsEntry("max.poll.records", 3_000);
    }

    private static Map<String, Object> mainConsumer(StreamsConfig config) {
        return config.getMainConsumerConfigs("application", "client", 0);
    }

    private static StreamsConfig of(Map<String, String> kafka) {
        return StreamsProperties.of(settings(kafka));
    }

    private static StreamSettings settings(Map<String, String> kafka) {
        Map<String, String> all = new HashMap<>(kafka);
        all.put("bootstrap.servers", "127.0.0.1:9092");
        return new StreamSettings(
                all,
                "application",
                "",
                Path.of("state"),
                null,
                "instance",
                1,
                0,
                64L << 20,
                0,
                new StreamSettings.NewLedger(null, (short) 1, 1, "USD", false));
    }
}

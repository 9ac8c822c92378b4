package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.CloudEventSerializer;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.wire.OutcomeHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK of CloudEvents writes commands that are decided, and reads outcomes. */
class CloudEventsIT {
    private static final UUID UID = UUID.fromString("7c9e6679-7425-40de-944b-e07fc1f90ae7");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"BINARY", "STRUCTURED"})
    void shouldDecideCommandsAndTellOutcomesOfTheSdk(Encoding encoding) throws Exception {
        RecordedFailStop failStop = new RecordedFailStop();
        try (LedgerRig rig = LedgerRig.start(directory);
                LedgerStreams ledger = rig.startLedger(rig.settings(), failStop)) {
            // Given
            CloudEvent command = CloudEventBuilder.v1()
                    .withId("order-1")
                    .withSource(URI.create("/shop"))
                    .withType("com.example.payment.requested")
                    .withSubject("somebody else")
                    .withData(
                            "application/json",
                            LedgerRig.command(UID, "DEPOSIT", "ada", "10.50").getBytes(StandardCharsets.UTF_8))
                    .build();

            // When: without a key, so that in one of two partitions it is a copy that is decided.
            for (int partition = 0; partition < 2; partition++) {
                rig.sendAndWait(record(rig.topics().input(), partition, command, encoding));
            }

            // Then
            Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
            assertThat(ledger.counters().reroutedCount()).isEqualTo(1);
            ConsumerRecord<byte[], byte[]> record =
                    rig.await(rig.topics().output(), 1).get(0);
            CloudEvent outcome = read(record);
            assertThat(outcome.getType()).isEqualTo(OutcomeHeaders.ACCEPTED_TYPE);
            assertThat(outcome.getSource()).isEqualTo(URI.create("/tally"));
            assertThat(outcome.getSubject()).isEqualTo("ada");
            assertThat(outcome.getDataSchema()).isEqualTo(URI.create(OutcomeHeaders.DATA_SCHEMA));
            assertThat(outcome.getDataContentType()).isEqualTo("application/json");
            assertThat(UUID.fromString(outcome.getId()).version()).isEqualTo(5);
            Map<?, ?> data = new ObjectMapper().readValue(outcome.getData().toBytes(), Map.class);
            assertThat(data.get("uid")).isEqualTo(UID.toString());
            assertThat(data.get("balance")).isEqualTo("10.50");
            assertThat(outcome.getTime()).isEqualTo(data.get("recorded_at").toString());
            assertThat(rig.readAll(rig.topics().output())).hasSize(1);
            assertThat(rig.readAll(rig.topics().deadLetters())).isEmpty();
            assertThat(ledger.isRunning()).isTrue();
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, CloudEvent event, Encoding encoding) {
        try (CloudEventSerializer serializer = new CloudEventSerializer()) {
            Map<String, Object> config = new HashMap<>();
            config.put(CloudEventSerializer.ENCODING_CONFIG, encoding);
            if (encoding == Encoding.STRUCTURED) {
                config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, new JsonFormat());
            }
            serializer.configure(config, false);
            Headers headers = new RecordHeaders();
            byte[] value = serializer.serialize(topic, headers, event);
            byte[] noKey = null;
            return new ProducerRecord<>(topic, partition, noKey, value, headers);
        }
    }

    private static CloudEvent read(ConsumerRecord<byte[], byte[]> record) {
        try (CloudEventDeserializer deserializer = new CloudEventDeserializer()) {
            return deserializer.deserialize(record.topic(), record.headers(), record.value());
        }
    }
}

package io.tally.stream;

import static io.tally.stream.DriverLedger.RECORDED_AT;
import static io.tally.stream.DriverLedger.bytes;
import static io.tally.stream.DriverLedger.header;
import static io.tally.stream.DriverLedger.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records in a partition that is not their user's, in a ledger of four partitions of which the driver has the first. */
class ReroutingTest {
    private static final int PARTITIONS = 4;
    private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String HERE = userOf(0);
    private static final String ELSEWHERE = userOf(2);

    @TempDir
    Path directory;

    private DriverLedger ledger;

    @BeforeEach
    void open() {
        ledger = DriverLedger.open(directory, PARTITIONS);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static String userOf(int partition) {
        UserPartitions partitions = new UserPartitions(PARTITIONS);
        return IntStream.range(0, 1_000)
                .mapToObj(number -> "user-" + number)
                .filter(user -> partitions.of(user) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] deposit(String userId) {
        return bytes("{\"uid\":\"" + UID + "\",\"type\":\"DEPOSIT\",\"amount\":1,\"user_id\":\"" + userId + "\"}");
    }

    @Test
    void shouldDecideWhereTheUserBelongs() {
        // When
        ledger.send(null, deposit(HERE));

        // Then
        assertThat(ledger.outcomes()).hasSize(1);
        assertThat(ledger.rerouted()).isEmpty();
    }

    @Test
    void shouldSendARecordToItsUsersPartition() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes(TRACEPARENT));
        headers.add("something", bytes("dropped"));

        // When
        ledger.send(null, deposit(ELSEWHERE), headers, RECORDED_AT);

        // Then
        assertThat(ledger.rerouted()).singleElement().satisfies(record -> {
            assertThat(text(record.key())).isEqualTo(ELSEWHERE);
            assertThat(record.value()).isEqualTo(deposit(ELSEWHERE));
            assertThat(header(record, "traceparent")).isEqualTo(TRACEPARENT);
            assertThat(header(record, "something")).isNull();
            assertThat(header(record, "tally.hop")).isEqualTo("0:0:" + RECORDED_AT);
        });
        assertThat(ledger.outcomes()).isEmpty();
        assertThat(ledger.counters().reroutedCount()).isEqualTo(1);
        assertThat(ledger.state().entry(ELSEWHERE, UID)).isNull();
    }

    @Test
    void shouldSayOfTheCopyOfAnEventThatItIsOne() {
        // Given
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/x\",\"type\":\"y\",\"data\":%s}";
        RecordHeaders headers = new RecordHeaders();
        headers.add("content-type", bytes("APPLICATION/CloudEvents+JSON ; charset=UTF-8"));
        RecordHeaders plain = new RecordHeaders();
        plain.add("content-type", bytes("application/json"));

        // When
        ledger.send(null, bytes(event.formatted(text(deposit(ELSEWHERE)))), headers, RECORDED_AT);
        ledger.send(null, deposit(ELSEWHERE), plain, RECORDED_AT);

        // Then
        assertThat(ledger.rerouted())
                .extracting(record -> header(record, "content-type"))
                .containsExactly("application/cloudevents+json", null);
        // The driver brings both back to where they were; read as what they are not, they would miss fields.
        assertThat(ledger.deadLetters())
                .extracting(letter -> header(letter, "tally.error.code"))
                .containsOnly("key_mismatch");
    }

    @Test
    void shouldGiveUpAfterASecondMiss() {
        // When: the driver brings the re-routed record back to where it was.
        ledger.send(null, deposit(HERE));
        ledger.send(bytes(ELSEWHERE), deposit(ELSEWHERE));

        // Then
        assertThat(ledger.rerouted()).hasSize(1);
        assertThat(ledger.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(header(letter, "tally.error.code")).isEqualTo("key_mismatch");
            assertThat(letter.value()).isEqualTo(deposit(ELSEWHERE));
            // The producer was told offset 1; the copy stands at 2.
            assertThat(header(letter, "__streams.errors.offset")).isEqualTo("1");
        });
    }

    @Test
    void shouldTellWhereTheProducerSentARecordThatFailsAfterTheHop() {
        // Given: the copy of a record that stood at offset 5 of partition 3, whose uid is used by now.
        ledger.send(bytes(HERE), deposit(HERE));
        RecordHeaders hop = new RecordHeaders();
        hop.add("tally.hop", bytes("3:5:" + RECORDED_AT));
        byte[] other = bytes(text(deposit(HERE)).replace(":1,", ":2,"));

        // When
        ledger.send(bytes(HERE), other, hop, RECORDED_AT);

        // Then
        TestRecord<byte[], byte[]> letter = ledger.deadLetters().get(0);
        assertThat(header(letter, "tally.error.code")).isEqualTo("uid_conflict");
        assertThat(header(letter, "__streams.errors.partition")).isEqualTo("3");
        assertThat(header(letter, "__streams.errors.offset")).isEqualTo("5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "::", "a:b:c", "1:2", "-1:2:3", "99999999999999999999:1:1", "1:99999999999999999999:1"})
    void shouldIgnoreAForgedHop(String hop) {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("tally.hop", bytes(hop));

        // When
        ledger.send(bytes(HERE), bytes("{"), headers, RECORDED_AT);

        // Then
        TestRecord<byte[], byte[]> letter = ledger.deadLetters().get(0);
        assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
        assertThat(header(letter, "__streams.errors.offset")).isEqualTo("0");
    }

    @Test
    void shouldSurviveAHopWithoutValue() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("tally.hop", null);

        // When
        ledger.send(bytes(ELSEWHERE), deposit(ELSEWHERE), headers, RECORDED_AT);

        // Then
        assertThat(ledger.rerouted()).isEmpty();
        assertThat(ledger.deadLetters()).hasSize(1);
    }
}

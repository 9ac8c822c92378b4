package io.tally.stream;

import static io.tally.stream.DriverLedger.RECORDED_AT;
import static io.tally.stream.DriverLedger.bytes;
import static io.tally.stream.DriverLedger.header;
import static io.tally.stream.DriverLedger.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.CommandType;
import io.tally.ledger.Rejection;
import io.tally.wire.DeadLetterCode;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerProcessorTest {
    private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER_UID = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @TempDir
    Path directory;

    private DriverLedger ledger;

    @BeforeEach
    void open() {
        ledger = DriverLedger.open(directory, 1);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void shouldSendTheOutcomeOfAnAcceptedCommand() {
        // When
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"10.50\"");

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(text(outcome.key())).isEqualTo("ada");
        assertThat(text(outcome.value()))
                .isEqualTo("{\"uid\":\"" + UID + "\",\"user_id\":\"ada\",\"type\":\"DEPOSIT\",\"amount\":\"10.50\","
                        + "\"currency\":\"USD\",\"delta\":\"10.50\",\"status\":\"ACCEPTED\",\"balance\":\"10.50\","
                        + "\"sequence\":1,\"timestamp\":\"2026-01-31T10:00:00.000Z\","
                        + "\"recorded_at\":\"2026-01-31T10:00:00.000Z\",\"source\":{\"partition\":0,\"offset\":0}}");
        assertThat(outcome.timestamp()).isEqualTo(RECORDED_AT);
        assertThat(ledger.journalled()).isEqualTo(1);
        assertThat(ledger.counters().acceptedCount(CommandType.DEPOSIT)).isEqualTo(1);
    }

    @Test
    void shouldSendTheOutcomeOfARejectedCommand() {
        // When
        ledger.send("ada", UID, "\"type\":\"WITHDRAW\",\"amount\":\"1\"");

        // Then
        assertThat(text(only(ledger.outcomes()).value()))
                .contains(
                        "\"delta\":\"0.00\",\"status\":\"REJECTED\",\"reason\":\"INSUFFICIENT_FUNDS\",\"balance\":\"0.00\"");
        assertThat(ledger.journalled()).isEqualTo(1);
        assertThat(ledger.counters().rejectedCount(CommandType.WITHDRAW)).isEqualTo(1);
        assertThat(ledger.counters().rejectedCount(Rejection.INSUFFICIENT_FUNDS))
                .isEqualTo(1);
    }

    @Test
    void shouldSayInHeadersWhatTheOutcomeIs() {
        // When
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":1");
        ledger.send("ada", OTHER_UID, "\"type\":\"OPEN\",\"name\":\"Ada\"");
        ledger.send("eve", UID, "\"type\":\"WITHDRAW\",\"amount\":1");

        // Then
        List<TestRecord<byte[], byte[]>> outcomes = ledger.outcomes();
        assertThat(outcomes.get(0).headers())
                .extracting(Header::key)
                .containsExactly(
                        "ce_specversion",
                        "ce_id",
                        "ce_source",
                        "ce_type",
                        "ce_time",
                        "ce_subject",
                        "ce_dataschema",
                        "content-type");
        assertThat(header(outcomes.get(0), "ce_source")).isEqualTo("/tally");
        assertThat(header(outcomes.get(0), "ce_time")).isEqualTo("2026-01-31T10:00:00.000Z");
        assertThat(header(outcomes.get(0), "ce_subject")).isEqualTo("ada");
        assertThat(outcomes)
                .extracting(outcome -> header(outcome, "ce_type"))
                .containsExactly(
                        "tally.transaction.accepted.v1", "tally.user.opened.v1", "tally.transaction.rejected.v1");
        assertThat(outcomes).extracting(outcome -> header(outcome, "ce_id")).doesNotHaveDuplicates();
    }

    @Test
    void shouldStaySilentOnARepeat() {
        // Given
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"5\"");
        ledger.outcomes();
        ledger.journalled();

        // When
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":5.00,\"user_id\":\"ada\"");

        // Then
        assertThat(ledger.outcomes()).isEmpty();
        assertThat(ledger.deadLetters()).isEmpty();
        assertThat(ledger.journalled()).isZero();
        assertThat(ledger.counters().repeatedCount(CommandType.DEPOSIT)).isEqualTo(1);
    }

    @Test
    void shouldKeepARejectionAfterFundsArrive() {
        // Given
        String withdrawal = "\"type\":\"WITHDRAW\",\"amount\":\"5\"";
        ledger.send("ada", UID, withdrawal);
        ledger.send("ada", OTHER_UID, "\"type\":\"DEPOSIT\",\"amount\":\"5\"");
        ledger.outcomes();

        // When
        ledger.send("ada", UID, withdrawal);

        // Then
        assertThat(ledger.outcomes()).isEmpty();
        assertThat(ledger.state().entry("ada", UID).accepted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type      | "type":"WITHDRAW","amount":"5"
            amount    | "type":"DEPOSIT","amount":"6"
            currency  | "type":"DEPOSIT","amount":"5","currency":"EUR"
            currency  | "type":"DEPOSIT","amount":"5","currency":"USD"
            timestamp | "type":"DEPOSIT","amount":"5","timestamp":"2026-01-31T10:00:00Z"
            """)
    void shouldLetADifferentCommandUnderAUsedUidBeADeadLetter(String field, String fields) {
        // Given
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"5\"");
        ledger.outcomes();

        // When
        ledger.send("ada", UID, fields);

        // Then
        assertThat(ledger.outcomes()).isEmpty();
        TestRecord<byte[], byte[]> letter = only(ledger.deadLetters());
        assertThat(text(letter.key())).isEqualTo("ada");
        assertThat(text(letter.value())).isEqualTo("{\"uid\":\"" + UID + "\"," + fields + "}");
        assertThat(header(letter, "tally.error.code")).isEqualTo("uid_conflict");
        assertThat(header(letter, "tally.error.detail")).contains("same " + field);
        assertThat(header(letter, "__streams.errors.topic")).isEqualTo("transactions-in");
        assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
        assertThat(header(letter, "__streams.errors.offset")).isEqualTo("1");
        assertThat(header(letter, "tally.truncated")).isNull();
    }

    @Test
    void shouldLetAnotherNameUnderAUsedUidBeADeadLetter() {
        // Given
        ledger.send("ada", UID, "\"type\":\"OPEN\",\"name\":\"Ada\"");

        // When
        ledger.send("ada", UID, "\"type\":\"OPEN\",\"name\":\"Eve\"");

        // Then
        assertThat(header(only(ledger.deadLetters()), "tally.error.detail")).contains("same name");
        assertThat(ledger.outcomes()).hasSize(1);
    }

    @Test
    void shouldNotUseUpTheUidOfADeadLetter() {
        // Given
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"0\"");

        // When
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"1\"");

        // Then
        assertThat(ledger.deadLetters()).hasSize(1);
        assertThat(text(only(ledger.outcomes()).value())).contains("ACCEPTED");
    }

    /** Enough to show that each code comes through; what earns which code is shown on the wire floor. */
    private static byte[] example(DeadLetterCode code) {
        String uid = "\"uid\":\"" + UID + "\"";
        String deposit = "\"type\":\"DEPOSIT\",\"amount\":\"1\"";
        return bytes(
                switch (code) {
                    case MALFORMED_JSON -> "{";
                    case TOO_LARGE -> "{\"x\":\"" + "x".repeat(64 * 1024) + "\"}";
                    case MISSING_FIELD -> "{" + uid + "}";
                    case INVALID_FIELD -> "{" + uid + "," + deposit + ",\"overdraft\":1}";
                    case INVALID_UID -> "{\"uid\":\"1\"," + deposit + "}";
                    case INVALID_TYPE -> "{" + uid + ",\"type\":\"deposit\",\"amount\":\"1\"}";
                    case INVALID_USER -> "{" + uid + "," + deposit + ",\"user_id\":\"?\"}";
                    case INVALID_AMOUNT -> "{" + uid + ",\"type\":\"DEPOSIT\",\"amount\":\"-1\"}";
                    case INVALID_CURRENCY -> "{" + uid + "," + deposit + ",\"currency\":\"XXY\"}";
                    case INVALID_TIMESTAMP -> "{" + uid + "," + deposit + ",\"timestamp\":\"now\"}";
                    case INVALID_NAME -> "{" + uid + ",\"type\":\"OPEN\",\"name\":\"\"}";
                    case KEY_MISMATCH -> "{" + uid + "," + deposit + ",\"user_id\":\"eve\"}";
                    case UID_CONFLICT -> "{" + uid + ",\"type\":\"DEPOSIT\",\"amount\":\"2\"}";
                });
    }

    @Test
    void shouldBringEveryCodeToTheDeadLetters() {
        // Given
        ledger.send("ada", UID, "\"type\":\"DEPOSIT\",\"amount\":\"1\"");
        ledger.journalled();

        // When
        for (DeadLetterCode code : DeadLetterCode.values()) {
            ledger.send(bytes("ada"), example(code));
        }

        // Then
        List<TestRecord<byte[], byte[]>> letters = ledger.deadLetters();
        assertThat(letters).hasSize(DeadLetterCode.values().length);
        for (DeadLetterCode code : DeadLetterCode.values()) {
            TestRecord<byte[], byte[]> letter = letters.get(code.ordinal());
            assertThat(header(letter, "tally.error.code")).isEqualTo(code.wireName());
            assertThat(header(letter, "__streams.errors.offset")).isEqualTo("" + (code.ordinal() + 1));
            if (code != DeadLetterCode.TOO_LARGE) {
                assertThat(letter.value()).isEqualTo(example(code));
            }
            assertThat(ledger.counters().deadLetterCount(code)).isEqualTo(1);
        }
        assertThat(ledger.journalled()).isZero();
    }

    @Test
    void shouldCutWhatIsTooLargeToBeCopied() {
        // Given
        byte[] value = bytes("v".repeat(200_000));
        byte[] key = bytes("k".repeat(5_000));
        RecordHeaders headers = new RecordHeaders();
        headers.add("small", bytes("kept"));
        headers.add("large", new byte[9_000]);

        // When
        ledger.send(key, value, headers, RECORDED_AT);

        // Then
        TestRecord<byte[], byte[]> letter = only(ledger.deadLetters());
        assertThat(letter.value()).hasSize(64 * 1024).containsOnly('v');
        assertThat(letter.key()).hasSize(1024).containsOnly('k');
        assertThat(header(letter, "small")).isEqualTo("kept");
        assertThat(header(letter, "large")).isNull();
        assertThat(header(letter, "tally.error.code")).isEqualTo("too_large");
        assertThat(header(letter, "tally.truncated")).isEqualTo("value,key,headers");
    }

    @Test
    void shouldTakeTheUserFromTheFieldWhenThereIsNoKey() {
        // When
        ledger.send(null, bytes("{\"uid\":\"" + UID + "\",\"type\":\"DEPOSIT\",\"amount\":1,\"user_id\":42}"));

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(text(outcome.key())).isEqualTo("42");
        assertThat(text(outcome.value())).contains("\"user_id\":\"42\"");
    }

    @Test
    void shouldLetARecordWithoutValueBeADeadLetter() {
        // When
        ledger.send(bytes("ada"), null);
        ledger.send(null, null);

        // Then
        assertThat(ledger.deadLetters()).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.value()).isNull();
            assertThat(header(letter, "tally.error.code")).isEqualTo("malformed_json");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_800_000L})
    void shouldDecideARecordWithAnAbsurdTime(long timestamp) {
        // Given
        byte[] command = bytes("{\"uid\":\"" + UID + "\",\"type\":\"DEPOSIT\",\"amount\":1}");

        // When
        ledger.send(bytes("ada"), command, new RecordHeaders(), timestamp);

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(text(outcome.value())).contains("\"recorded_at\":\"1970-01-01T00:00:00.000Z\"");
        assertThat(outcome.timestamp()).isZero();
    }

    @Test
    void shouldPassAValidTraceOnAndNothingElse() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes(PARENT));
        headers.add("tracestate", bytes("vendor=1"));
        headers.add("secret", bytes("s"));
        headers.add("ce_type", bytes("forged"));
        headers.add("tally.hop", bytes("0:7:1"));

        // When
        sendDeposit(headers);

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(header(outcome, "traceparent")).isEqualTo(PARENT);
        assertThat(header(outcome, "tracestate")).isEqualTo("vendor=1");
        assertThat(outcome.headers())
                .extracting(Header::key)
                .doesNotContain("secret", "tally.hop")
                .doesNotHaveDuplicates();
        assertThat(header(outcome, "ce_type")).isEqualTo("tally.transaction.accepted.v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00-0-0-00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    void shouldDropATraceOfAnotherForm(String parent) {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes(parent));
        headers.add("tracestate", bytes("vendor=1"));

        // When
        sendDeposit(headers);

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(header(outcome, "traceparent")).isNull();
        assertThat(header(outcome, "tracestate")).isNull();
    }

    @Test
    void shouldPassTheParentOnWithoutAStateOfAnotherForm() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes(PARENT));
        headers.add("tracestate", bytes("=,="));
        headers.add("tracestate", null);

        // When
        sendDeposit(headers);

        // Then
        TestRecord<byte[], byte[]> outcome = only(ledger.outcomes());
        assertThat(header(outcome, "traceparent")).isEqualTo(PARENT);
        assertThat(header(outcome, "tracestate")).isNull();
    }

    private void sendDeposit(RecordHeaders headers) {
        byte[] command = bytes("{\"uid\":\"" + UID + "\",\"type\":\"DEPOSIT\",\"amount\":1}");
        ledger.send(bytes("ada"), command, headers, RECORDED_AT);
    }

    private static <T> T only(List<T> records) {
        assertThat(records).hasSize(1);
        return records.get(0);
    }
}

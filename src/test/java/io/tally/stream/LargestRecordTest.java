package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Money;
import io.tally.ledger.Rejection;
import io.tally.ledger.Source;
import io.tally.wire.CommandDecoder;
import io.tally.wire.CurrencyTables;
import io.tally.wire.DeadLetter;
import io.tally.wire.DeadLetterCode;
import io.tally.wire.Flaw;
import io.tally.wire.JournalCodec;
import io.tally.wire.JournalRecord;
import io.tally.wire.UserId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** The sizes that topics must take, against the largest records that there can be. */
class LargestRecordTest {
    private static final String LONGEST_NAME = "t".repeat(249);
    private static final LedgerTopics TOPICS = new LedgerTopics(LONGEST_NAME, "out", "dead", "journal");
    private static final String USER = "u".repeat(UserId.MAX_LENGTH);

    @Test
    void shouldLeaveRoomForTheLargestDeadLetter() {
        // Given: more of everything than is kept, and as many headers as there can be.
        Headers headers = new RecordHeaders();
        for (int i = 0; i <= DeadLetter.MAX_HEADERS; i++) {
            headers.add("n", new byte[DeadLetter.MAX_HEADER_BYTES / DeadLetter.MAX_HEADERS - 1]);
        }
        Input input = input(
                new byte[CommandDecoder.MAX_KEY_BYTES + 1], new byte[CommandDecoder.MAX_VALUE_BYTES + 1], headers);
        Flaw flaw = new Flaw(DeadLetterCode.INVALID_TIMESTAMP, "", "d".repeat(Flaw.MAX_DETAIL));

        // When
        Record<byte[], byte[]> letter = new DeadLetterRecords(LONGEST_NAME).of(input, flaw);

        // Then
        assertThat(letter.headers()).hasSize(DeadLetter.MAX_HEADERS + 7);
        assertThat(bytes(letter)).isBetween(73 << 10, TOPICS.largestRecord("dead"));
    }

    @Test
    void shouldLeaveRoomForTheLargestCommandInAnothersPartition() {
        // Given
        Input input = input(null, new byte[CommandDecoder.MAX_VALUE_BYTES], trace());

        // When
        Record<byte[], byte[]> copy = input.rerouted(USER.getBytes(StandardCharsets.US_ASCII));

        // Then
        assertThat(bytes(copy)).isBetween(65 << 10, TOPICS.largestRecord(LONGEST_NAME));
    }

    @Test
    void shouldLeaveRoomForTheLargestDecision() {
        // Given
        Command command = new Command(
                new UUID(-1, -1),
                new Account(USER, "CLF"),
                CommandType.OPEN,
                0,
                Command.MAX_TIMESTAMP,
                "\uD835\uDCB5".repeat(200),
                true,
                true);
        JournalEntry entry = new JournalEntry(
                command,
                Long.MAX_VALUE,
                Money.MAX_BALANCE,
                Rejection.USER_EXISTS,
                0,
                new Source(Integer.MAX_VALUE, Long.MAX_VALUE));

        // When
        Record<byte[], byte[]> outcome = new OutcomeRecords(CurrencyTables.bundled())
                .of(entry, input(null, new byte[CommandDecoder.MAX_VALUE_BYTES], trace()));
        byte[] key = JournalCodec.key(entry);
        byte[] value = JournalCodec.value(entry);
        JournalRecord full = new JournalRecord(key, new byte[(4 << 10) - 3]);
        assertThat(full.isFull()).isFalse();
        full.add(key, value);
        Record<byte[], byte[]> journal = new Record<>(full.key(), full.value(), 0);

        // Then
        assertThat(bytes(outcome)).isBetween(1 << 10, TOPICS.largestRecord("out"));
        assertThat(bytes(journal)).isBetween((4 << 10) + value.length, TOPICS.largestRecord("journal"));
    }

    private static Input input(byte[] key, byte[] value, Headers headers) {
        return new Input(new Record<>(key, value, Long.MAX_VALUE, headers), Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** The longest headers that travel on. */
    private static Headers trace() {
        String parent = "01-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01-";
        return new RecordHeaders()
                .add("traceparent", text(parent + "x".repeat(512 - parent.length())))
                .add("tracestate", text("a=" + "x".repeat(254) + ",b=" + "x".repeat(253)))
                .add("content-type", text("application/cloudevents+json"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What Kafka's producer takes it for. */
    private static int bytes(Record<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.LZ4,
                record.key(),
                record.value(),
                record.headers().toArray());
    }
}

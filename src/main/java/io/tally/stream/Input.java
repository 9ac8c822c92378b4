package io.tally.stream;

import io.tally.wire.CommandFormat;
import io.tally.wire.TimestampText;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * An input record and where it stands.
 *
 * @param record key, value and headers as they came, with a time that was made safe
 * @param partition the partition that it was read from
 * @param offset its offset there
 */
record Input(Record<byte[], byte[]> record, int partition, long offset) {
    /**
     * Marks a record that Tally brought to another partition, with the place and time where it stood first:
     * {@code partition:offset:timestamp}.
     */
    static final String HOP = "tally.hop";

    private static final int HOP_PARTS = 3;

    static Input of(Record<byte[], byte[]> record, ProcessingContext context) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        return new Input(record, metadata.partition(), metadata.offset());
    }

    long recordedAt() {
        return TimestampText.inRange(record.timestamp());
    }

    /** How the value holds the command. */
    CommandFormat format() {
        return format(record.headers());
    }

    static CommandFormat format(Headers headers) {
        Header type = headers.lastHeader(CommandFormat.CONTENT_TYPE);
        return CommandFormat.of(type == null ? null : type.value());
    }

    /** What of a record's headers goes along to where it is decided. */
    static void copyHeaders(Headers from, Headers to) {
        TraceHeaders.copy(from, to);
        if (format(from) == CommandFormat.EVENT) {
            to.add(CommandFormat.EVENT_TYPE.key(), CommandFormat.EVENT_TYPE.value());
        }
    }

    boolean wasRerouted() {
        return record.headers().lastHeader(HOP) != null;
    }

    /** The same record for its user's partition. */
    Record<byte[], byte[]> rerouted(byte[] userKey) {
        Headers headers = new RecordHeaders();
        copyHeaders(record.headers(), headers);
        String hop = partition + ":" + offset + ":" + record.timestamp();
        headers.add(HOP, hop.getBytes(StandardCharsets.US_ASCII));
        return new Record<>(userKey, record.value(), record.timestamp(), headers);
    }

    /** Where the producer was told that the record stands: before it was re-routed. */
    Input asAcknowledged() {
        Header hop = record.headers().lastHeader(HOP);
        if (hop == null || hop.value() == null) {
            return this;
        }
        String[] parts = new String(hop.value(), StandardCharsets.US_ASCII).split(":", -1);
        if (parts.length != HOP_PARTS || !parts[0].matches("\\d{1,9}") || !parts[1].matches("\\d{1,18}")) {
            return this;
        }
        return new Input(record, Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
}

package io.tally.audit;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A committed record of one of the topics.
 *
 * @param timestamp milliseconds since 1970 UTC, as the broker kept it
 */
public record LogRecord(
        String topic,
        Position position,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {

    /** Marks a re-routed copy, with {@code partition:offset:timestamp} of the record that it is a copy of. */
    public static final String HOP_HEADER = "tally.hop";

    private static final Pattern EVENT = Pattern.compile("(?is)application/cloudevents\\+json[ \\t]*(?:;.*)?");
    private static final int EXCERPT = 600;

    /** The record as a consumer has read it. */
    public static LogRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new LogRecord(
                record.topic(),
                new Position(record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** The last header of a name as text, or null. */
    public @Nullable String header(String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Whether the value is a CloudEvent in structured mode, with the command as its data. */
    boolean isEvent() {
        String contentType = header("content-type");
        return contentType != null && EVENT.matcher(contentType).matches();
    }

    boolean isCopy() {
        return headers.lastHeader(HOP_HEADER) != null;
    }

    /** Where the client's record stands: here, or for a copy where its header says. */
    Position origin() {
        String hop = header(HOP_HEADER);
        String[] parts = hop == null ? new String[0] : hop.split(":", -1);
        // A client may have made it up; the third part can be anything, line breaks too.
        return parts.length == 3 && parts[0].matches("[0-9]{1,9}") && parts[1].matches("[0-9]{1,18}")
                ? new Position(Integer.parseInt(parts[0]), Long.parseLong(parts[1]))
                : position;
    }

    @Override
    public String toString() {
        return "key " + text(key) + " value " + text(value);
    }

    private static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = new String(bytes, 0, Math.min(bytes.length, EXCERPT), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?") + (bytes.length > EXCERPT ? "… (" + bytes.length + " bytes)" : "");
    }
}

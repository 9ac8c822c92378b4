package io.tally.audit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Records of the topics, as a test writes them. */
public final class Records {
    /** The currency table that comes with Tally. */
    static final String TABLE = "iso4217-2026";

    private Records() {}

    /** USD, no registration. */
    public static AuditSettings settings(int partitions) {
        return AuditSettings.of(partitions, "USD", false, TABLE);
    }

    /** @param hop the header of a re-routed copy */
    public static LogRecord input(
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            @Nullable String hop) {
        return record(
                "in", partition, offset, timestamp, key, value, hop == null ? Map.of() : Map.of("tally.hop", hop));
    }

    static LogRecord output(
            int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {
        return record("out", partition, offset, 0, key, value, headers);
    }

    private static LogRecord record(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Map<String, String> headers) {
        Headers all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return new LogRecord(topic, new Position(partition, offset), timestamp, key, value, all);
    }

    /** The same record with one header changed. */
    static LogRecord with(LogRecord record, String header, String text) {
        Headers headers = new RecordHeaders(record.headers());
        headers.remove(header);
        headers.add(header, text.getBytes(StandardCharsets.UTF_8));
        return new LogRecord(
                record.topic(), record.position(), record.timestamp(), record.key(), record.value(), headers);
    }
}

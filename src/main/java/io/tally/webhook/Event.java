package io.tally.webhook;

import io.tally.wire.OutcomeHeaders;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.EventType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A committed outcome that endpoints are told of.
 *
 * @param partition of the output
 * @param offset of the outcome
 * @param id the {@code ce_id}: the same for the same outcome, for ever
 * @param recordedAt the outcome's, as it stands in the {@code ce_time}
 * @param outcome JSON, UTF-8; not to be changed
 */
record Event(int partition, long offset, String userId, EventType type, String id, String recordedAt, byte[] outcome) {
    /** The event of a record, or null when Tally has not written it or this version does not know its type. */
    static @Nullable Event of(ConsumerRecord<byte[], byte[]> record) {
        String type = header(record, OutcomeHeaders.TYPE);
        String id = header(record, OutcomeHeaders.ID);
        String time = header(record, OutcomeHeaders.TIME);
        if (record.key() == null || record.value() == null || type == null || id == null || time == null) {
            return null;
        }
        EventType known = EventType.ofCloudEvents(type);
        return known == null
                ? null
                : new Event(record.partition(), record.offset(), userId(record), known, id, time, record.value());
    }

    static String userId(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    /** The request's body and id. The outcome's bytes stand in it as they are. */
    WebhookMessage message() {
        byte[] head = ("{\"type\":\"" + type.text() + "\",\"timestamp\":\"" + recordedAt + "\",\"data\":")
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream(head.length + outcome.length + 1);
        body.writeBytes(head);
        body.writeBytes(outcome);
        body.write('}');
        return new WebhookMessage(id, body.toByteArray());
    }

    /** Milliseconds since 1970 UTC. */
    long recordedAtMillis() {
        return TimestampText.parse(recordedAt);
    }
}

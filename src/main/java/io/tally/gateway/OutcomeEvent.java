package io.tally.gateway;

import io.tally.wire.OutcomeHeaders;
import io.tally.wire.OutcomeSource;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A committed outcome as it stands in the output.
 *
 * @param userId whose
 * @param partition of the output
 * @param offset of the record
 * @param type the CloudEvents type; a short word without blanks
 * @param json the outcome in one line, UTF-8; not to be changed
 */
public record OutcomeEvent(String userId, int partition, long offset, String type, byte[] json) {
    private static final int MAX_TYPE_BYTES = 255;

    /** What an event weighs on the heap beside its JSON: the objects, the user id and the text of a position. */
    private static final int OVERHEAD_BYTES = 256;

    /** The event of a record, or null when Tally has not written it. */
    static @Nullable OutcomeEvent of(ConsumerRecord<byte[], byte @Nullable []> record) {
        byte[] json = record.value();
        Header type = record.headers().lastHeader(OutcomeHeaders.TYPE);
        if (record.key() == null || json == null || type == null || !isWord(type.value())) {
            return null;
        }
        return new OutcomeEvent(
                new String(record.key(), StandardCharsets.UTF_8),
                record.partition(),
                record.offset(),
                new String(type.value(), StandardCharsets.US_ASCII),
                inOneLine(json));
    }

    /** Where in the input its command stands; null when the event does not say. A state that has passed it has this outcome. */
    @Nullable
    Position input() {
        OutcomeSource source = OutcomeSource.of(json);
        return source == null ? null : new Position(source.partition(), source.offset());
    }

    int weight() {
        return OVERHEAD_BYTES + json.length;
    }

    private static boolean isWord(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0 || bytes.length > MAX_TYPE_BYTES) {
            return false;
        }
        for (byte b : bytes) {
            if (b <= ' ') {
                return false;
            }
        }
        return true;
    }

    /** Line ends in JSON stand between its tokens only, and mean nothing. */
    private static byte[] inOneLine(byte[] json) {
        byte[] line = json;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line = line == json ? json.clone() : line;
                line[i] = ' ';
            }
        }
        return line;
    }
}

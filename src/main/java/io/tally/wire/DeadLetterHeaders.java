package io.tally.wire;

import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The headers by which a dead letter says what it is. The names beginning with {@code __streams} are those of Kafka
 * Streams (KIP-1034), so that tools which know its dead letters know ours; nothing is thrown here, so there are no
 * exception and stack trace.
 */
final class DeadLetterHeaders {
    /** A {@link DeadLetterCode}'s wire name. */
    static final String CODE = "tally.error.code";

    /** What was expected, for a person to read. */
    static final String DETAIL = "tally.error.detail";

    /** Which parts of the record were cut: some of {@code value,key,headers}. Absent when none was. */
    static final String TRUNCATED = "tally.truncated";

    static final String STREAMS_MESSAGE = "__streams.errors.message";
    static final String STREAMS_TOPIC = "__streams.errors.topic";
    static final String STREAMS_PARTITION = "__streams.errors.partition";
    static final String STREAMS_OFFSET = "__streams.errors.offset";

    private static final Set<String> NAMES =
            Set.of(CODE, DETAIL, TRUNCATED, STREAMS_MESSAGE, STREAMS_TOPIC, STREAMS_PARTITION, STREAMS_OFFSET);

    private DeadLetterHeaders() {}

    /** The headers of one dead letter; topic and source say where the record stood. */
    static List<WireHeader> of(DeadLetterCode code, String detail, String topic, Source source) {
        byte[] text = detail.getBytes(StandardCharsets.UTF_8);
        return List.of(
                WireHeader.ascii(CODE, code.wireName()),
                new WireHeader(DETAIL, text),
                new WireHeader(STREAMS_MESSAGE, text),
                WireHeader.ascii(STREAMS_TOPIC, topic),
                WireHeader.ascii(STREAMS_PARTITION, Integer.toString(source.partition())),
                WireHeader.ascii(STREAMS_OFFSET, Long.toString(source.offset())));
    }

    /** Whether a header has a name that only a dead letter's own headers may have. */
    static boolean isOwn(WireHeader header) {
        return NAMES.contains(header.key());
    }
}

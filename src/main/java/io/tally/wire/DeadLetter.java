package io.tally.wire;

import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record for the dead-letter topic: the input record as it came, cut where it is too large to be copied, with headers
 * that say what is wrong and where it stood.
 *
 * @param headers the input's own first, those of {@link DeadLetterHeaders} after them
 */
public record DeadLetter(byte @Nullable [] key, byte @Nullable [] value, List<WireHeader> headers) {
    /** The most that is kept of a value, in bytes. */
    public static final int MAX_VALUE_BYTES = CommandDecoder.MAX_VALUE_BYTES;

    /** The most that is kept of a key, in bytes. */
    public static final int MAX_KEY_BYTES = CommandDecoder.MAX_KEY_BYTES;

    /** How many of the input's headers are kept at the most. */
    public static final int MAX_HEADERS = 100;

    /** The most that is kept of the input's headers, in bytes of their names and values. */
    public static final int MAX_HEADER_BYTES = 8 * 1024;

    public DeadLetter {
        headers = List.copyOf(headers);
    }

    /**
     * The dead letter of this input record. Of headers that are too large together, the first ones that fit are kept;
     * headers with a dead letter's names, left by an earlier round, are replaced.
     *
     * @param flaw its code and detail are told
     * @param topic the input topic
     */
    @SuppressWarnings("NullAway") // It does not see the annotation on a record's array component.
    public static DeadLetter of(
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<WireHeader> headers,
            Flaw flaw,
            String topic,
            Source source) {
        List<String> cut = new ArrayList<>(0);
        byte[] keptValue = kept(value, MAX_VALUE_BYTES, "value", cut);
        byte[] keptKey = kept(key, MAX_KEY_BYTES, "key", cut);
        List<WireHeader> kept = kept(headers, cut);
        kept.addAll(DeadLetterHeaders.of(flaw.code(), flaw.detail(), topic, source));
        if (!cut.isEmpty()) {
            kept.add(WireHeader.ascii(DeadLetterHeaders.TRUNCATED, String.join(",", cut)));
        }
        return new DeadLetter(keptKey, keptValue, kept);
    }

    private static byte @Nullable [] kept(byte @Nullable [] bytes, int limit, String part, List<String> cut) {
        if (bytes == null || bytes.length <= limit) {
            return bytes;
        }
        cut.add(part);
        return Arrays.copyOf(bytes, limit);
    }

    private static List<WireHeader> kept(List<WireHeader> headers, List<String> cut) {
        List<WireHeader> kept = new ArrayList<>();
        long size = 0;
        for (WireHeader header : headers) {
            if (DeadLetterHeaders.isOwn(header)) {
                continue;
            }
            size += size(header);
            // Empty headers have no bytes to count, but take room on the wire.
            if (size > MAX_HEADER_BYTES || kept.size() == MAX_HEADERS) {
                cut.add("headers");
                break;
            }
            kept.add(header);
        }
        return kept;
    }

    private static int size(WireHeader header) {
        byte[] value = header.value();
        return header.key().getBytes(StandardCharsets.UTF_8).length + (value == null ? 0 : value.length);
    }
}

package io.tally.wire;

import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter's headers say of it. Anyone who may write to the topic can have written them, so nothing is taken for
 * granted: what is absent or has another form is null.
 *
 * @param code a {@link DeadLetterCode}'s wire name, or one of another version
 * @param detail what was expected, for a person to read
 * @param source where the record stood
 * @param truncated which parts were cut: some of {@code value, key, headers}
 */
public record DeadLetterNote(
        @Nullable String code,
        @Nullable String detail,
        @Nullable Source source,
        List<String> truncated) {
    /** Ours are shorter; others' texts are cut to this. */
    static final int MAX_TEXT_BYTES = 256;

    private static final List<String> PARTS = List.of("value", "key", "headers");

    public DeadLetterNote {
        truncated = List.copyOf(truncated);
    }

    /** Reads the headers; the last one of a name counts, as the others came with the input record. */
    public static DeadLetterNote of(List<WireHeader> headers) {
        String cut = text(headers, DeadLetterHeaders.TRUNCATED);
        return new DeadLetterNote(
                text(headers, DeadLetterHeaders.CODE),
                text(headers, DeadLetterHeaders.DETAIL),
                source(
                        text(headers, DeadLetterHeaders.STREAMS_PARTITION),
                        text(headers, DeadLetterHeaders.STREAMS_OFFSET)),
                cut == null
                        ? List.of()
                        : PARTS.stream()
                                .filter(List.of(cut.split(",", -1))::contains)
                                .toList());
    }

    private static @Nullable Source source(@Nullable String partition, @Nullable String offset) {
        return partition != null && offset != null && partition.matches("[0-9]{1,9}") && offset.matches("[0-9]{1,18}")
                ? new Source(Integer.parseInt(partition), Long.parseLong(offset))
                : null;
    }

    private static @Nullable String text(List<WireHeader> headers, String name) {
        String text = null;
        for (WireHeader header : headers) {
            byte[] value = header.value();
            if (value != null && header.key().equals(name)) {
                text = new String(value, 0, Math.min(value.length, MAX_TEXT_BYTES), StandardCharsets.UTF_8);
            }
        }
        return text;
    }
}

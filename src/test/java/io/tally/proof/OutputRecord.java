package io.tally.proof;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A committed record of the output or of the dead letters.
 *
 * @param headers as UTF-8 text; of several with one name the last
 */
public record OutputRecord(
        int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {

    @Override
    public String toString() {
        return "record " + partition + ":" + offset + " " + headers + " key " + text(key) + " value " + text(value);
    }

    /** The first 300 characters of some bytes, for messages. */
    static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.length() <= 300 ? text : text.substring(0, 300) + "… (" + bytes.length + " bytes)";
    }
}

package io.tally.http;

import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of dead letters ended. Opaque to clients.
 *
 * @param partition the one that was asked for, or null for all
 * @param before below which offsets older letters may stand, by partition
 */
record DeadLetterCursor(@Nullable Integer partition, SortedMap<Integer, Long> before) {
    private static final String KIND = "dead-letters-1";
    private static final int PARTS = 3;
    /** Shorter than decimal: a cursor of a hundred partitions must fit into a request's head. */
    private static final int RADIX = Character.MAX_RADIX;

    /** The form that clients hold. */
    String toText() {
        StringJoiner places = new StringJoiner(",");
        before.forEach(
                (number, offset) -> places.add(Integer.toString(number, RADIX) + "." + Long.toString(offset, RADIX)));
        return SealedText.seal(KIND + "/" + partition + "/" + places);
    }

    /** Reads the clients' form; null when it is none of ours. */
    static @Nullable DeadLetterCursor parse(String text) {
        String fields = SealedText.open(text);
        String[] parts = fields == null ? new String[0] : fields.split("/", -1);
        if (parts.length != PARTS || !parts[0].equals(KIND)) {
            return null;
        }
        try {
            SortedMap<Integer, Long> before = new TreeMap<>();
            for (String place : parts[2].split(",", -1)) {
                int dot = place.indexOf('.');
                int number = Integer.parseInt(place.substring(0, Math.max(0, dot)), RADIX);
                long offset = Long.parseLong(place.substring(dot + 1), RADIX);
                if (number < 0 || offset < 0) {
                    return null;
                }
                before.put(number, offset);
            }
            return new DeadLetterCursor(parts[1].equals("null") ? null : Integer.valueOf(parts[1]), before);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

package io.tally.proof;

import org.jspecify.annotations.Nullable;

/**
 * A committed record of the input topic.
 *
 * @param timestamp milliseconds since 1970 UTC, as the broker kept it
 * @param hop the header {@value #HOP_HEADER}, or null: {@code partition:offset:timestamp} of the record that this is a
 *     re-routed copy of
 */
public record InputRecord(
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        @Nullable String hop) {

    public static final String HOP_HEADER = "tally.hop";

    /** Where the client's record stands: here, or for a copy where its header says. */
    public Position origin() {
        if (hop == null || !hop.matches("[0-9]{1,9}:[0-9]{1,18}:-?[0-9]{1,18}")) {
            return position();
        }
        String[] parts = hop.split(":");
        return new Position(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    public Position position() {
        return new Position(partition, offset);
    }

    @Override
    public String toString() {
        return position() + (hop == null ? "" : " (copy of " + hop + ")") + " key " + OutputRecord.text(key) + " value "
                + OutputRecord.text(value);
    }
}

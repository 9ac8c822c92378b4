package io.tally.wire;

import io.tally.ledger.CommandField;
import java.util.Objects;

/**
 * One thing that is wrong with an input record.
 *
 * @param code what kind of flaw it is
 * @param pointer an RFC 6901 JSON pointer to the field, such as {@code /amount}; empty for the record as a whole
 * @param detail says what was expected, for the sender to read: printable ASCII, at most {@link #MAX_DETAIL} characters
 */
public record Flaw(DeadLetterCode code, String pointer, String detail) {
    /** The longest detail, in characters. */
    public static final int MAX_DETAIL = 200;

    public Flaw {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(pointer, "pointer");
        if (detail.length() > MAX_DETAIL) {
            throw new IllegalArgumentException(
                    "Expected a detail of at most " + MAX_DETAIL + " characters, but got " + detail.length());
        }
    }

    /** The flaw of a command whose uid belongs to another request, which differs in the field. */
    public static Flaw conflict(CommandField field) {
        return new Flaw(
                DeadLetterCode.UID_CONFLICT,
                "/" + field.wireName(),
                "Expected the same " + field.wireName()
                        + " as in the first command with this uid; send a new command under a new uid");
    }
}

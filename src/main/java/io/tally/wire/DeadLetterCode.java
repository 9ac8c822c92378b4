package io.tally.wire;

import java.util.Locale;

/** Why an input record cannot be decided. When several hold, the first in this order is the dead letter's code. */
public enum DeadLetterCode {
    /** The value is not one JSON object: empty, broken, too deep, a key twice, bad UTF-8, or something after it. */
    MALFORMED_JSON,
    /** The value or the key is longer than {@link CommandDecoder#MAX_VALUE_BYTES} or {@code MAX_KEY_BYTES}. */
    TOO_LARGE,
    /** A field that the command, or the event around it, needs is absent or null. */
    MISSING_FIELD,
    /** A field that this type does not take, or that is reserved for later; a CloudEvents attribute of another form. */
    INVALID_FIELD,
    INVALID_UID,
    INVALID_TYPE,
    /** The user id, in the value or in the key, has another form. */
    INVALID_USER,
    INVALID_AMOUNT,
    INVALID_CURRENCY,
    INVALID_TIMESTAMP,
    INVALID_NAME,
    /** The key and the field name different users. */
    KEY_MISMATCH,
    /** The uid belongs to another request of the same user. */
    UID_CONFLICT;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The code as it stands in headers and problem details: lower snake case. */
    public String wireName() {
        return wireName;
    }
}

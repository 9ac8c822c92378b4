package io.tally.wire;

import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

/** The fields of a command's JSON that mean something, in the order in which their flaws are listed. */
enum InputField {
    UID("uid", DeadLetterCode.INVALID_UID, "Expected a UUID in the form 8-4-4-4-12 of hexadecimal digits"),
    TYPE("type", DeadLetterCode.INVALID_TYPE, "Expected one of OPEN, DEPOSIT, WITHDRAW, in upper case"),
    USER_ID(
            "user_id",
            DeadLetterCode.INVALID_USER,
            "Expected 1 to 64 characters of A-Z a-z 0-9 . _ : - starting with a letter or digit, or an integer of at"
                    + " most 19 digits"),
    AMOUNT(
            "amount",
            DeadLetterCode.INVALID_AMOUNT,
            "Expected plain decimal notation such as \"10.50\": no sign, no exponent, no leading zeros, at most 40"
                    + " characters"),
    CURRENCY(
            "currency", DeadLetterCode.INVALID_CURRENCY, "Expected an active ISO 4217 code in upper case, such as USD"),
    TIMESTAMP(
            "timestamp",
            DeadLetterCode.INVALID_TIMESTAMP,
            "Expected ISO 8601 such as 2026-01-31T10:00:00Z or 2026-01-31, in the years 1970 to 9999"),
    NAME("name", DeadLetterCode.INVALID_NAME, "Expected 1 to 200 characters, none of them a control character"),

    // Refused until they mean something, so that no command sent today changes its meaning later.
    TO_USER_ID("to_user_id"),
    HOLD_ID("hold_id"),
    REVERSES("reverses"),
    EXPIRES_AT("expires_at"),
    IF_SEQUENCE("if_sequence"),
    OVERDRAFT("overdraft");

    private final String wireName;
    private final String pointer;
    private final DeadLetterCode code;
    private final String expectation;

    InputField(String wireName, DeadLetterCode code, String expectation) {
        this.wireName = wireName;
        this.pointer = "/" + wireName;
        this.code = code;
        this.expectation = expectation;
    }

    InputField(String reservedName) {
        this(
                reservedName,
                DeadLetterCode.INVALID_FIELD,
                "Expected no such field: it is reserved and means nothing yet");
    }

    /** The field of this name, or null when the name means nothing. */
    static @Nullable InputField named(String name) {
        return switch (name) {
            case "uid" -> UID;
            case "type" -> TYPE;
            case "user_id" -> USER_ID;
            case "amount" -> AMOUNT;
            case "currency" -> CURRENCY;
            case "timestamp" -> TIMESTAMP;
            case "name" -> NAME;
            case "to_user_id" -> TO_USER_ID;
            case "hold_id" -> HOLD_ID;
            case "reverses" -> REVERSES;
            case "expires_at" -> EXPIRES_AT;
            case "if_sequence" -> IF_SEQUENCE;
            case "overdraft" -> OVERDRAFT;
            default -> null;
        };
    }

    String wireName() {
        return wireName;
    }

    boolean reserved() {
        return code == DeadLetterCode.INVALID_FIELD;
    }

    /** Whether a value of this JSON kind can be right. */
    boolean takes(JsonToken token) {
        return switch (this) {
            case UID, TYPE, CURRENCY, TIMESTAMP, NAME -> token == JsonToken.VALUE_STRING;
            case USER_ID -> token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
            case AMOUNT -> token == JsonToken.VALUE_STRING || token.isNumeric();
            case TO_USER_ID, HOLD_ID, REVERSES, EXPIRES_AT, IF_SEQUENCE, OVERDRAFT -> false;
        };
    }

    /** The flaw of a value that breaks the field's own rule. */
    Flaw invalid() {
        return new Flaw(code, pointer, expectation);
    }

    /** The flaw of a value that breaks the field's own rule, told more precisely. */
    Flaw invalid(String detail) {
        return new Flaw(code, pointer, detail);
    }

    Flaw missing(String detail) {
        return new Flaw(DeadLetterCode.MISSING_FIELD, pointer, detail);
    }

    /** The flaw of a value in a command whose type does not take the field. */
    Flaw misplaced(String detail) {
        return new Flaw(DeadLetterCode.INVALID_FIELD, pointer, detail);
    }

    /** The flaw of a key that names another user than the field. */
    Flaw mismatch() {
        return new Flaw(DeadLetterCode.KEY_MISMATCH, pointer, "Expected the record's key to be the same user id");
    }
}

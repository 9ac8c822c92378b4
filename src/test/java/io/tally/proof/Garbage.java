package io.tally.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Everything that a producer may send and nothing may be decided of: spoilt versions of a good DEPOSIT. */
enum Garbage {
    TOMBSTONE,
    EMPTY,
    RANDOM_BYTES,
    CUT_SHORT,
    NOT_UTF_8,
    ARRAY,
    NUMBER,
    TRAILING_TOKEN,
    DUPLICATE_KEY,
    DEEP,
    TOO_LARGE,
    HUGE_EXPONENT,
    ENDLESS_NUMBER,
    NO_UID,
    NO_TYPE,
    NO_AMOUNT,
    NULL_AMOUNT,
    RESERVED_FIELD,
    NAMED_DEPOSIT,
    SHORT_UID,
    NUMBER_AS_UID,
    UNKNOWN_TYPE,
    LOWER_CASE_TYPE,
    USER_WITH_SPACE,
    LONG_USER,
    FRACTIONAL_USER,
    ZERO_AMOUNT,
    NEGATIVE_AMOUNT,
    SIGNED_AMOUNT,
    EXPONENT_AMOUNT,
    LEADING_ZERO_AMOUNT,
    TOO_FINE_AMOUNT,
    TOO_LARGE_AMOUNT,
    TEXT_AMOUNT,
    OBJECT_AMOUNT,
    AMOUNT_ON_OPEN,
    UNKNOWN_CURRENCY,
    LOWER_CASE_CURRENCY,
    NO_SUCH_DAY,
    BEFORE_1970,
    NUMBER_AS_TIMESTAMP,
    EMPTY_NAME,
    CONTROL_IN_NAME,
    LONG_NAME,
    OTHER_USER;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param good the fields of a DEPOSIT in USD, user_id among them */
    byte @Nullable [] spoil(Map<String, Object> good, SplittableRandom random) {
        String text = text(good);
        return switch (this) {
            case TOMBSTONE -> null;
            case EMPTY -> new byte[0];
            case RANDOM_BYTES -> randomBytes(random);
            case CUT_SHORT -> utf8(text.substring(0, 1 + random.nextInt(text.length() - 1)));
            case NOT_UTF_8 -> notUtf8(text);
            case ARRAY -> utf8("[" + text + "]");
            case NUMBER -> utf8("42");
            case TRAILING_TOKEN -> utf8(text + " {}");
            case DUPLICATE_KEY -> utf8(withRaw(text, "\"type\":\"DEPOSIT\""));
            case DEEP -> utf8(withRaw(text, "\"x\":" + "[".repeat(500) + "]".repeat(500)));
            case TOO_LARGE -> utf8(withRaw(text, "\"x\":\"" + "x".repeat(70_000) + "\""));
            case HUGE_EXPONENT -> utf8(withRaw(text(without(good, "amount")), "\"amount\":1e2000000000"));
            case ENDLESS_NUMBER -> utf8(withRaw(text(without(good, "amount")), "\"amount\":" + "9".repeat(2_000)));
            case NO_UID -> utf8(text(without(good, "uid")));
            case NO_TYPE -> utf8(text(without(good, "type")));
            case NO_AMOUNT -> utf8(text(without(good, "amount")));
            case NULL_AMOUNT -> utf8(withRaw(text(without(good, "amount")), "\"amount\":null"));
            case RESERVED_FIELD -> with(good, "to_user_id", "bob");
            case NAMED_DEPOSIT -> with(good, "name", "Alice");
            case SHORT_UID -> with(good, "uid", "1-1-1-1-1");
            case NUMBER_AS_UID -> with(good, "uid", 1);
            case UNKNOWN_TYPE -> with(good, "type", "STEAL");
            case LOWER_CASE_TYPE -> with(good, "type", "deposit");
            case USER_WITH_SPACE -> with(good, "user_id", "a b");
            case LONG_USER -> with(good, "user_id", "u".repeat(65));
            case FRACTIONAL_USER -> with(good, "user_id", 1.5);
            case ZERO_AMOUNT -> with(good, "amount", "0.00");
            case NEGATIVE_AMOUNT -> with(good, "amount", -1);
            case SIGNED_AMOUNT -> with(good, "amount", "+1");
            case EXPONENT_AMOUNT -> with(good, "amount", "1e3");
            case LEADING_ZERO_AMOUNT -> with(good, "amount", "01.00");
            case TOO_FINE_AMOUNT -> with(good, "amount", "0.001");
            case TOO_LARGE_AMOUNT -> with(good, "amount", "10000000000000.00");
            case TEXT_AMOUNT -> with(good, "amount", "ten");
            case OBJECT_AMOUNT -> with(good, "amount", Map.of("value", 1));
            case AMOUNT_ON_OPEN -> with(good, "type", "OPEN");
            case UNKNOWN_CURRENCY -> with(good, "currency", "QQQ");
            case LOWER_CASE_CURRENCY -> with(good, "currency", "usd");
            case NO_SUCH_DAY -> with(good, "timestamp", "2026-02-30T00:00:00Z");
            case BEFORE_1970 -> with(good, "timestamp", "1969-12-31T23:59:59Z");
            case NUMBER_AS_TIMESTAMP -> with(good, "timestamp", 1_700_000_000);
            case EMPTY_NAME -> open(good, "");
            case CONTROL_IN_NAME -> open(good, "a\u0007b");
            case LONG_NAME -> open(good, "n".repeat(201));
            case OTHER_USER -> with(good, "user_id", "someone-else");
        };
    }

    private static byte[] randomBytes(SplittableRandom random) {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        bytes[0] = (byte) 0xff;
        return bytes;
    }

    private static byte[] notUtf8(String text) {
        byte[] bytes = utf8(withRaw(text, "\"x\":\"#\""));
        byte[] spoilt = Arrays.copyOf(bytes, bytes.length);
        spoilt[spoilt.length - 3] = (byte) 0xc3;
        return spoilt;
    }

    private static byte[] open(Map<String, Object> good, String name) {
        Map<String, Object> fields = new LinkedHashMap<>(without(good, "amount"));
        fields.put("type", "OPEN");
        return with(fields, "name", name);
    }

    private static byte[] with(Map<String, Object> good, String field, Object value) {
        Map<String, Object> fields = new LinkedHashMap<>(good);
        fields.put(field, value);
        return utf8(text(fields));
    }

    private static Map<String, Object> without(Map<String, Object> good, String field) {
        Map<String, Object> fields = new LinkedHashMap<>(good);
        fields.remove(field);
        return fields;
    }

    private static String withRaw(String object, String member) {
        return object.substring(0, object.length() - 1) + "," + member + "}";
    }

    private static String text(Map<String, Object> fields) {
        return JSON.valueToTree(fields).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

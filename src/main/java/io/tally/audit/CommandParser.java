package io.tally.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tally.audit.Parsed.Refused;
import io.tally.audit.Parsed.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a command by the table of fields in the contract; the checks stand in the order of precedence of the codes. */
final class CommandParser {
    /** @param members of an object, else none */
    private record Field(JsonToken token, String text, Map<String, Field> members) {
        Field(JsonToken token, String text) {
            this(token, text, Map.of());
        }

        boolean isString() {
            return token == JsonToken.VALUE_STRING;
        }

        boolean isAbsent() {
            return token == JsonToken.NOT_AVAILABLE;
        }
    }

    private static final Field ABSENT = new Field(JsonToken.NOT_AVAILABLE, "");

    static final int MAX_VALUE_BYTES = 64 * 1024;
    static final int MAX_KEY_BYTES = 1024;

    private static final int MAX_AMOUNT_LENGTH = 40;
    private static final long MAX_MINOR_UNITS = 999_999_999_999_999L;
    private static final long TOO_FINE_OR_LARGE = -1;
    /** More digits than any currency has, for one that is not in the table. */
    private static final int UNKNOWN = AuditSettings.MOST_DIGITS + 1;

    private static final long[] POWERS = {1, 10, 100, 1_000, 10_000};
    private static final Set<String> TYPES = Set.of("OPEN", "DEPOSIT", "WITHDRAW");
    private static final List<String> RESERVED =
            List.of("to_user_id", "hold_id", "reverses", "expires_at", "if_sequence", "overdraft");
    private static final Pattern UID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");
    private static final Pattern ZERO = Pattern.compile("[0.]*");

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(256)
                    .maxStringLength(MAX_VALUE_BYTES)
                    .maxNumberLength(MAX_VALUE_BYTES)
                    .build())
            .build();
    private final AuditSettings settings;

    CommandParser(AuditSettings settings) {
        this.settings = settings;
    }

    /** @param event whether the value is a CloudEvent with the command as its data, and not the command */
    Parsed parse(byte @Nullable [] keyBytes, byte @Nullable [] value, boolean event) {
        if (value == null) {
            return new Refused("malformed_json", false);
        }
        if (value.length > MAX_VALUE_BYTES || keyBytes != null && keyBytes.length > MAX_KEY_BYTES) {
            return new Refused("too_large", false);
        }
        Map<String, Field> fields;
        try {
            fields = fields(value);
        } catch (StreamConstraintsException e) {
            return new Refused("malformed_json", false);
        } catch (IOException e) {
            return new Refused("malformed_json", true);
        }
        if (fields == null) {
            return new Refused("malformed_json", false);
        }
        if (event) {
            String fault = faultOfEvent(fields);
            if (fault != null) {
                return new Refused(fault, true);
            }
            fields = field(fields, "data").members;
        }
        // One character per byte: bytes beyond ASCII must not turn into characters that a user may have.
        String key = keyBytes == null ? null : new String(keyBytes, StandardCharsets.ISO_8859_1);
        Refused refused = missingOrForbidden(fields, key);
        return refused == null ? request(fields, key) : refused;
    }

    /** The code of an event that is none by the rules of CloudEvents 1.0, or has no command; null when it is in order. */
    private static @Nullable String faultOfEvent(Map<String, Field> event) {
        if (!event.keySet().containsAll(List.of("specversion", "id", "source", "type", "data"))) {
            return "missing_field";
        }
        boolean named = Stream.of("id", "source", "type")
                .map(name -> field(event, name))
                .allMatch(attribute -> attribute.isString() && !attribute.text.isEmpty());
        Field version = field(event, "specversion");
        boolean right = named
                && version.isString()
                && version.text.equals("1.0")
                && field(event, "data").token == JsonToken.START_OBJECT
                && !event.containsKey("data_base64");
        return right ? null : "invalid_field";
    }

    /** The members of the top-level object that are not null, or null when it is no object. */
    private @Nullable Map<String, Field> fields(byte[] value) throws IOException {
        requireUtf8(value);
        try (JsonParser parser = json.createParser(value)) {
            JsonToken start = parser.nextToken();
            Map<String, Field> fields = null;
            if (start == JsonToken.START_OBJECT) {
                fields = members(parser);
            } else {
                parser.skipChildren();
            }
            if (start == null || parser.nextToken() != null) {
                throw new IOException("Expected one JSON document");
            }
            return fields;
        }
    }

    /** The members of the object that the parser has entered; the parser stands at its end then. */
    private static Map<String, Field> members(JsonParser parser) throws IOException {
        Map<String, Field> fields = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                fields.put(name, new Field(token, "", members(parser)));
            } else if (token == JsonToken.START_ARRAY) {
                parser.skipChildren();
                fields.put(name, new Field(token, ""));
            } else if (token != JsonToken.VALUE_NULL) {
                // Numbers as text: one with a large exponent costs the more the longer it is looked at.
                fields.put(name, new Field(token, parser.getText()));
            }
        }
        return fields;
    }

    /** Jackson lets overlong forms and surrogates pass. */
    private static void requireUtf8(byte[] value) throws IOException {
        for (byte b : value) {
            if (b < 0) {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
                return;
            }
        }
    }

    private static @Nullable Refused missingOrForbidden(Map<String, Field> fields, @Nullable String key) {
        String type = field(fields, "type").text;
        boolean money = type.equals("DEPOSIT") || type.equals("WITHDRAW");
        if (!fields.containsKey("uid")
                || !fields.containsKey("type")
                || money && !fields.containsKey("amount")
                || key == null && !fields.containsKey("user_id")) {
            return new Refused("missing_field", true);
        }
        for (String reserved : RESERVED) {
            if (fields.containsKey(reserved)) {
                return new Refused("invalid_field", true);
            }
        }
        boolean foreign = type.equals("OPEN") && fields.containsKey("amount") || money && fields.containsKey("name");
        return foreign ? new Refused("invalid_field", false) : null;
    }

    private static Field field(Map<String, Field> fields, String name) {
        return fields.getOrDefault(name, ABSENT);
    }

    private Parsed request(Map<String, Field> fields, @Nullable String key) {
        Field uid = field(fields, "uid");
        if (!uid.isString() || !UID.matcher(uid.text).matches()) {
            return new Refused("invalid_uid", uid.isString());
        }
        Field type = field(fields, "type");
        if (!type.isString() || !TYPES.contains(type.text)) {
            return new Refused("invalid_type", type.isString());
        }
        Field userId = field(fields, "user_id");
        String user = userId.isAbsent() && key != null ? key : userId.text;
        boolean integer = userId.token == JsonToken.VALUE_NUMBER_INT && userId.text.length() <= 19;
        if (!userId.isAbsent() && !userId.isString() && !integer
                || !USER.matcher(user).matches()
                || key != null && !USER.matcher(key).matches()) {
            return new Refused("invalid_user", true);
        }
        Field amount = field(fields, "amount");
        if (!amount.isAbsent() && !isPositivePlainDecimal(amount)) {
            return new Refused("invalid_amount", amount.isString() || amount.token.isNumeric());
        }
        Field currency = field(fields, "currency");
        String code = currency.isAbsent() ? settings.defaultCurrency() : currency.isString() ? currency.text : "";
        int digits = settings.currencies().getOrDefault(code, UNKNOWN);
        long minorUnits = amount.isAbsent() ? 0 : minorUnits(amount.text, Math.min(digits, AuditSettings.MOST_DIGITS));
        if (digits != UNKNOWN && minorUnits == TOO_FINE_OR_LARGE) {
            return new Refused("invalid_amount", true);
        }
        if (digits == UNKNOWN || amount.isAbsent() && !code.equals(settings.defaultCurrency())) {
            return new Refused("invalid_currency", minorUnits != TOO_FINE_OR_LARGE && currency.isString());
        }
        Field timestamp = field(fields, "timestamp");
        long time = timestamp.isString() ? EffectiveTime.parse(timestamp.text) : EffectiveTime.NONE;
        if (!timestamp.isAbsent() && time == EffectiveTime.NONE) {
            return new Refused("invalid_timestamp", timestamp.isString());
        }
        Field name = field(fields, "name");
        if (!name.isAbsent() && !(name.isString() && isName(name.text))) {
            return new Refused("invalid_name", name.isString());
        }
        if (key != null && !key.equals(user)) {
            return new Refused("key_mismatch", true);
        }
        return new Request(
                UUID.fromString(uid.text),
                user,
                type.text,
                minorUnits * POWERS[AuditSettings.MOST_DIGITS - digits],
                currency.isAbsent() ? null : code,
                time,
                name.isAbsent() ? null : name.text);
    }

    private static boolean isPositivePlainDecimal(Field amount) {
        return (amount.isString() || amount.token.isNumeric())
                && amount.text.length() <= MAX_AMOUNT_LENGTH
                && PLAIN_DECIMAL.matcher(amount.text).matches()
                && !ZERO.matcher(amount.text).matches();
    }

    /** A plain decimal in minor units; zeros at its end do not count. */
    private static long minorUnits(String decimal, int digits) {
        int point = decimal.indexOf('.');
        String whole = point < 0 ? decimal : decimal.substring(0, point);
        StringBuilder fraction = new StringBuilder(point < 0 ? "" : decimal.substring(point + 1));
        while (fraction.length() > 0 && fraction.charAt(fraction.length() - 1) == '0') {
            fraction.setLength(fraction.length() - 1);
        }
        if (fraction.length() > digits || whole.length() > 15) {
            return TOO_FINE_OR_LARGE;
        }
        long scaled = fraction.length() == 0
                ? 0
                : Long.parseLong(fraction, 0, fraction.length(), 10) * POWERS[digits - fraction.length()];
        long units = Long.parseLong(whole);
        return units > (MAX_MINOR_UNITS - scaled) / POWERS[digits]
                ? TOO_FINE_OR_LARGE
                : units * POWERS[digits] + scaled;
    }

    private static boolean isName(String name) {
        long length = name.codePoints().count();
        return length >= 1
                && length <= 200
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }
}

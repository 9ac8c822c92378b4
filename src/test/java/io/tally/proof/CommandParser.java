package io.tally.proof;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tally.proof.Parsed.Refused;
import io.tally.proof.Parsed.Request;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a command by the table of fields in the contract; the checks stand in the order of precedence of the codes. */
final class CommandParser {
    private record Field(JsonToken token, String text) {
        boolean isString() {
            return token == JsonToken.VALUE_STRING;
        }

        boolean isNumber() {
            return token.isNumeric();
        }
    }

    private static final int MAX_VALUE_BYTES = 64 * 1024;
    private static final int MAX_KEY_BYTES = 1024;
    private static final BigDecimal MAX_MINOR_UNITS = new BigDecimal("999999999999999");
    private static final Set<String> TYPES = Set.of("OPEN", "DEPOSIT", "WITHDRAW");
    private static final List<String> RESERVED =
            List.of("to_user_id", "hold_id", "reverses", "expires_at", "if_sequence", "overdraft");
    private static final Pattern UID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("(0|[1-9][0-9]*)(\\.[0-9]+)?");

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(64 * 1024)
                    .maxNumberLength(64 * 1024)
                    .build())
            .build();
    private final ReferenceModel.Settings settings;

    CommandParser(ReferenceModel.Settings settings) {
        this.settings = settings;
    }

    Parsed parse(byte @Nullable [] keyBytes, byte @Nullable [] value) {
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
        String key = keyBytes == null ? null : new String(keyBytes, StandardCharsets.UTF_8);
        Refused refused = missingOrForbidden(fields, key);
        return refused == null ? request(fields, key) : refused;
    }

    /** The members of the top-level object that are not null, or null when it is no object. */
    private @Nullable Map<String, Field> fields(byte[] value) throws IOException {
        try (JsonParser parser = json.createParser(value)) {
            JsonToken start = parser.nextToken();
            Map<String, Field> fields = new HashMap<>();
            if (start == JsonToken.START_OBJECT) {
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    JsonToken token = parser.nextToken();
                    String text = parser.getText();
                    parser.skipChildren();
                    if (token != JsonToken.VALUE_NULL) {
                        fields.put(name, new Field(token, text));
                    }
                }
            } else {
                parser.skipChildren();
            }
            if (start == null || parser.nextToken() != null) {
                throw new IOException("Expected one JSON document");
            }
            return start == JsonToken.START_OBJECT ? fields : null;
        }
    }

    private static @Nullable Refused missingOrForbidden(Map<String, Field> fields, @Nullable String key) {
        Field type = fields.get("type");
        boolean money = type != null && (type.text.equals("DEPOSIT") || type.text.equals("WITHDRAW"));
        boolean open = type != null && type.text.equals("OPEN");
        if (!fields.containsKey("uid")
                || type == null
                || money && !fields.containsKey("amount")
                || key == null && !fields.containsKey("user_id")) {
            return new Refused("missing_field", true);
        }
        if (RESERVED.stream().anyMatch(fields::containsKey)) {
            return new Refused("invalid_field", true);
        }
        boolean foreign = open && fields.containsKey("amount") || money && fields.containsKey("name");
        return foreign ? new Refused("invalid_field", false) : null;
    }

    private Parsed request(Map<String, Field> fields, @Nullable String key) {
        Field uid = fields.get("uid");
        if (!uid.isString() || !UID.matcher(uid.text).matches()) {
            return new Refused("invalid_uid", uid.isString());
        }
        Field type = fields.get("type");
        if (!type.isString() || !TYPES.contains(type.text)) {
            return new Refused("invalid_type", type.isString());
        }
        Field userId = fields.get("user_id");
        String user = userId == null ? key : userId.text;
        boolean integer = userId != null && userId.token == JsonToken.VALUE_NUMBER_INT && userId.text.length() <= 19;
        if (userId != null && !userId.isString() && !integer
                || !USER.matcher(user).matches()) {
            return new Refused("invalid_user", userId != null);
        }
        Field amount = fields.get("amount");
        if (amount != null && !positivePlainDecimal(amount)) {
            return new Refused("invalid_amount", amount.isString() || amount.isNumber());
        }
        Field currency = fields.get("currency");
        String code = currency == null ? settings.defaultCurrency() : currency.text;
        Integer digits = settings.currencies().get(code);
        BigDecimal decimal = amount == null ? null : new BigDecimal(amount.text);
        if (decimal != null && digits != null && !fits(decimal.movePointRight(digits))) {
            return new Refused("invalid_amount", true);
        }
        if (digits == null || currency != null && !currency.isString()) {
            return new Refused("invalid_currency", currency.isString());
        }
        if (decimal == null && !code.equals(settings.defaultCurrency())) {
            // The contract counts an OPEN in the default currency and does not say what another one would mean.
            return new Refused("invalid_currency", false);
        }
        Field timestamp = fields.get("timestamp");
        Long time = timestamp == null || !timestamp.isString() ? null : EffectiveTime.parse(timestamp.text);
        if (timestamp != null && time == null) {
            return new Refused("invalid_timestamp", timestamp.isString());
        }
        Field name = fields.get("name");
        if (name != null && !(name.isString() && validName(name.text))) {
            return new Refused("invalid_name", name.isString());
        }
        if (key != null && !key.equals(user)) {
            return new Refused("key_mismatch", true);
        }
        return new Request(
                UUID.fromString(uid.text),
                user,
                type.text,
                decimal,
                currency == null ? null : code,
                time,
                name == null ? null : name.text);
    }

    private static boolean positivePlainDecimal(Field amount) {
        return (amount.isString() || amount.isNumber())
                && PLAIN_DECIMAL.matcher(amount.text).matches()
                && new BigDecimal(amount.text).signum() > 0;
    }

    private static boolean fits(BigDecimal minorUnits) {
        return minorUnits.stripTrailingZeros().scale() <= 0 && minorUnits.compareTo(MAX_MINOR_UNITS) <= 0;
    }

    private static boolean validName(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= 200
                && name.chars().noneMatch(Character::isISOControl);
    }
}

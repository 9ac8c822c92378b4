package io.tally.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.javalin.http.Context;
import io.tally.wire.UidText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header-07), with or without its quotes. */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";
    private static final int MAX_LENGTH = 255;

    /** Printable ASCII: on the way to another instance anything else becomes a question mark, and two keys become one. */
    private static final Pattern FORM = Pattern.compile("[ -~]{1," + MAX_LENGTH + "}");

    private static final JsonFactory JSON = JsonFactory.builder()
            // Else offsets would not be those of the bytes.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private IdempotencyKey() {}

    /** The key, 1 to 255 printable ASCII characters, or null when there is none. */
    static @Nullable String of(Context ctx) {
        String header = ctx.header(HEADER);
        return header == null ? null : parse(header);
    }

    static String parse(String header) {
        boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        String key = quoted ? header.substring(1, header.length() - 1) : header;
        if (!FORM.matcher(key).matches()) {
            throw Parameters.invalid(HEADER, "Expected 1 to " + MAX_LENGTH + " printable ASCII characters");
        }
        return key;
    }

    /**
     * The command with the key as its uid.
     *
     * @return the JSON as it was, if it has the same uid already or is not JSON
     * @throws RequestRefusedException if the key is no uid, or another one than the command's
     */
    static byte[] asUid(String key, byte[] json) {
        UUID uid = UidText.parse(key);
        if (uid == null) {
            throw Parameters.invalid(HEADER, "Expected 8-4-4-4-12 hexadecimal digits: it is the command's uid");
        }
        try (JsonParser parser = JSON.createParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? withUid(uid, json, parser) : json;
        } catch (IOException e) {
            // The decoder says what is wrong with it.
            return json;
        }
    }

    private static byte[] withUid(UUID uid, byte[] json, JsonParser parser) throws IOException {
        int start = (int) parser.currentLocation().getByteOffset();
        String separator = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            separator = ",";
            boolean isUid = parser.currentName().equals("uid");
            JsonToken value = parser.nextToken();
            if (isUid && value == JsonToken.VALUE_NULL) {
                int at = (int) parser.currentTokenLocation().getByteOffset();
                return replaced(json, at, at + "null".length(), "\"" + uid + "\"");
            }
            if (isUid) {
                requireSame(uid, parser.getText());
                return json;
            }
            parser.skipChildren();
        }
        return replaced(json, start, start, "\"uid\":\"" + uid + "\"" + separator);
    }

    /** A uid of another form is the decoder's to refuse. */
    private static void requireSame(UUID uid, String text) {
        UUID other = UidText.parse(text);
        if (other != null && !other.equals(uid)) {
            throw Parameters.invalid(HEADER, "Expected the uid of the body, or none there");
        }
    }

    private static byte[] replaced(byte[] json, int from, int to, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length + text.length());
        bytes.write(json, 0, from);
        bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        bytes.write(json, to, json.length - to);
        return bytes.toByteArray();
    }
}

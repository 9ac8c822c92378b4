package io.tally.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command's JSON into a draft, strictly (RFC 8259, one object, no key twice) and in one pass.
 *
 * <p>Numbers are taken as text and never become a number here: {@code 1e4000000} costs as much as any other nine
 * characters.
 */
final class CommandReader {
    /** The deepest nesting, the braces of the command, and of the event around it, included. */
    static final int MAX_DEPTH = 8;

    /** The longest field name in bytes. Names are kept in a shared symbol table, so they must be small. */
    static final int MAX_NAME_BYTES = 256;

    private static final String NOT_AN_OBJECT = "Expected one JSON object with the command";

    private final JsonFactory factory;

    /** @param maxBytes the longest document, which bounds its strings and numbers as well */
    CommandReader(int maxBytes) {
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNameLength(MAX_NAME_BYTES)
                        // A long value of an unknown field is ignored, a known field has its own code: no error here.
                        .maxStringLength(maxBytes)
                        .maxNumberLength(maxBytes)
                        .maxDocumentLength(maxBytes)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // JSON between systems is UTF-8; UTF-16 that happens to parse would make two readings of one record.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                // Field names come from anyone: they must not fill the JVM's string table.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Depends on the names of earlier records, and a replay must judge each record alike.
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
    }

    /** Fills the draft from the document; returns what is wrong with the JSON, or null when it is in order. */
    @Nullable
    String read(byte[] json, CommandDraft draft) {
        return read(json, parser -> readCommand(parser, draft));
    }

    /** Fills the draft from the event's data and the envelope from what stands around it; returns the same. */
    @Nullable
    String readEvent(byte[] json, CommandDraft draft, EventEnvelope envelope) {
        return read(json, parser -> readEvent(parser, draft, envelope));
    }

    /** Reads the members of the object that the parser has entered, its end included. */
    private interface Members {
        void read(JsonParser parser) throws IOException;
    }

    private @Nullable String read(byte[] json, Members members) {
        if (!isUtf8(json)) {
            return "Expected UTF-8, but some bytes are not";
        }
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NOT_AN_OBJECT;
            }
            members.read(parser);
            return parser.nextToken() == null ? null : "Expected nothing after the JSON object";
        } catch (JsonProcessingException e) {
            return NOT_AN_OBJECT + ", but it breaks off" + where(e.getLocation()) + ": "
                    + excerpt(e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            // A fault of the parser itself must cost one record, not the partition.
            return NOT_AN_OBJECT + ", but it cannot be read";
        }
    }

    private static void readEvent(JsonParser parser, CommandDraft draft, EventEnvelope envelope) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            envelope.put(name, token, token == JsonToken.VALUE_STRING ? parser.getText() : "");
            if (name.equals(EventEnvelope.DATA) && token == JsonToken.START_OBJECT) {
                readCommand(parser, draft);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void readCommand(JsonParser parser, CommandDraft draft) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            readField(parser, draft);
        }
    }

    private static void readField(JsonParser parser, CommandDraft draft) throws IOException {
        InputField field = InputField.named(parser.currentName());
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (field == null) {
            parser.skipChildren();
        } else if (!field.takes(token)) {
            draft.putWrongKind(field);
            parser.skipChildren();
        } else if (token.isNumeric()) {
            draft.putNumber(field, parser.getText());
        } else {
            draft.putString(field, parser.getText());
        }
    }

    /** Jackson lets overlong forms and surrogates in UTF-8 pass, so we look ourselves. Most documents are ASCII. */
    private static boolean isUtf8(byte[] bytes) {
        int seen = 0;
        for (byte b : bytes) {
            seen |= b;
        }
        if (seen >= 0) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The start of a message, which may quote the sender's bytes, as printable ASCII. */
    private static String excerpt(@Nullable String message) {
        StringBuilder ascii = new StringBuilder();
        String text = message == null ? "" : message;
        for (int i = 0; i < text.length() && i < 80; i++) {
            char c = text.charAt(i);
            ascii.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return ascii.toString();
    }
}

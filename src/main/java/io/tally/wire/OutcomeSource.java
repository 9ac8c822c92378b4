package io.tally.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where in {@code transactions-in} the command of an outcome stands, as the outcome says.
 *
 * @param partition of the input, from 0
 * @param offset of the record, from 0
 */
public record OutcomeSource(int partition, long offset) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads it from an outcome's JSON; null when that is no outcome of Tally's. */
    public static @Nullable OutcomeSource of(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean source = parser.currentName().equals("source");
                if (parser.nextToken() == JsonToken.START_OBJECT && source) {
                    return read(parser);
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            // Not Tally's, so nothing is known of it.
        }
        return null;
    }

    private static @Nullable OutcomeSource read(JsonParser parser) throws IOException {
        int partition = -1;
        long offset = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "partition" -> partition = parser.getIntValue();
                case "offset" -> offset = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }
        return partition < 0 || offset < 0 ? null : new OutcomeSource(partition, offset);
    }
}

package io.tally.app.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What an outcome says.
 *
 * @param delta in hundredths, as the balance
 */
record OutcomeText(UUID uid, String userId, boolean accepted, long delta, long balance, long sequence) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BEGINNING = "{\"uid\":\"".length();
    private static final int UID_LENGTH = 36;

    /** The uid alone, which an outcome begins with; for where time counts. */
    static UUID uidOf(byte[] json) {
        return UUID.fromString(new String(json, BEGINNING, UID_LENGTH, StandardCharsets.US_ASCII));
    }

    /** @throws IOException if it is no outcome */
    static OutcomeText read(byte[] json) throws IOException {
        String uid = "";
        String user = "";
        String status = "";
        String delta = "";
        String balance = "";
        long sequence = 0;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "uid" -> uid = parser.getText();
                    case "user_id" -> user = parser.getText();
                    case "status" -> status = parser.getText();
                    case "delta" -> delta = parser.getText();
                    case "balance" -> balance = parser.getText();
                    case "sequence" -> sequence = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
        }
        try {
            return new OutcomeText(
                    UUID.fromString(uid),
                    user,
                    status.equals("ACCEPTED"),
                    Hundredths.of(delta),
                    Hundredths.of(balance),
                    sequence);
        } catch (IllegalArgumentException e) {
            throw new IOException("Expected an outcome, but " + e.getMessage(), e);
        }
    }
}

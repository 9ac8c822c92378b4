package io.tally.app.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a delivery says.
 *
 * @param type as it stands there
 * @param fields what is shown of it, by name, in order; printable
 * @param place where the outcome stands, or null when there is no outcome
 */
record Event(
        String type, Map<String, String> fields, @Nullable Place place) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As shown, by path in the body. */
    private static final Map<String, String> SHOWN = shown();

    private static final int MAX_SHOWN = 80;
    private static final int MAX_USER = 64;
    private static final int MAX_CURRENCY = 3;

    /**
     * An outcome's place among those of its user.
     *
     * @param partition of the input, the same for all outcomes of the user
     * @param offset in it
     * @param sequence from 1 without gaps for the user and currency
     */
    record Place(String user, String currency, int partition, long offset, long sequence) {}

    /** The event of a body, or null when it has no {@code type} and {@code data}. */
    static @Nullable Event parse(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            return null;
        }
        if (json == null || !json.path("type").isTextual() || !json.path("data").isObject()) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        SHOWN.forEach((name, pointer) -> {
            JsonNode value = json.at(pointer);
            if (value.isValueNode() && !value.isNull()) {
                fields.put(name, printable(value.asText()));
            }
        });
        return new Event(printable(json.path("type").asText()), fields, place(json.path("data")));
    }

    /** What is shown of it, on one line. */
    String text() {
        StringBuilder text = new StringBuilder(type);
        fields.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }

    private static @Nullable Place place(JsonNode data) {
        String user = data.path("user_id").asText();
        String currency = data.path("currency").asText();
        JsonNode partition = data.at("/source/partition");
        JsonNode offset = data.at("/source/offset");
        JsonNode sequence = data.path("sequence");
        boolean complete = !user.isEmpty()
                && user.length() <= MAX_USER
                && !currency.isEmpty()
                && currency.length() <= MAX_CURRENCY
                && partition.isInt()
                && offset.isIntegralNumber()
                && sequence.isIntegralNumber();
        return complete ? new Place(user, currency, partition.asInt(), offset.asLong(), sequence.asLong()) : null;
    }

    /** Others wrote it: on a terminal it must neither look like another line or field, nor change colours. */
    static String printable(String text) {
        String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
        return shown.replaceAll("[\\p{C}\\p{Z}]", "_");
    }

    private static Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("user", "/data/user_id");
        shown.put("amount", "/data/amount");
        shown.put("currency", "/data/currency");
        shown.put("balance", "/data/balance");
        shown.put("sequence", "/data/sequence");
        shown.put("reason", "/data/reason");
        shown.put("message", "/data/message");
        return shown;
    }
}

package io.tally.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call.
 *
 * @param status of HTTP, or {@value #NONE} when there was no answer
 * @param body missing when there was none, or when it was no JSON
 * @param replayed whether it says that the uid was known
 * @param position to read one's own write, if it came with one
 * @param failure why there was no answer
 */
public record HttpAnswer(
        int status,
        JsonNode body,
        boolean replayed,
        @Nullable String position,
        @Nullable String failure) {
    public static final int NONE = -1;

    private static final ObjectMapper JSON = new ObjectMapper();

    public static HttpAnswer of(HttpResponse<String> response) {
        return new HttpAnswer(
                response.statusCode(),
                json(response.body()),
                response.headers().firstValue("Idempotent-Replayed").isPresent(),
                response.headers().firstValue("Tally-Position").orElse(null),
                null);
    }

    public static HttpAnswer failed(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new HttpAnswer(
                NONE, MissingNode.getInstance(), false, null, cause.getClass().getSimpleName());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The problem's code, empty when it is no problem. */
    public String code() {
        return body.path("code").asText();
    }

    /** The outcome that it tells of; missing when it tells of none. */
    public JsonNode outcome() {
        return status == 200 ? body : body.path("outcome");
    }

    /** Status and code, for figures and messages. */
    public String label() {
        return status == NONE ? "no answer: " + failure : code().isEmpty() ? "" + status : status + " " + code();
    }
}

package io.tally.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object that was sent, field by field. Gathers what is wrong with it, to say all of it at once. For one thread. */
final class JsonForm {
    private static final int MAX_DEPTH = 8;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final JsonNode body;
    private final Set<String> known = new HashSet<>();
    private final List<Problem.FieldError> errors = new ArrayList<>();

    private JsonForm(JsonNode body) {
        this.body = body;
    }

    /** @throws RequestRefusedException if the body is no JSON object */
    static JsonForm of(Context ctx) {
        try {
            JsonNode body = JSON.readTree(ctx.bodyAsBytes());
            if (body.isObject()) {
                return new JsonForm(body);
            }
        } catch (IOException e) {
            throw refused("Expected a JSON object", List.of());
        }
        throw refused("Expected a JSON object", List.of());
    }

    /** Whether a field was sent, be it as null. */
    boolean has(String name) {
        known.add(name);
        return body.has(name);
    }

    /** A field's value, or null when it was not sent or is null. */
    @Nullable
    JsonNode value(String name) {
        return has(name) && !body.get(name).isNull() ? body.get(name) : null;
    }

    /** A field's text, or null when it has none; what is not text is noted as wrong. */
    @Nullable
    String text(String name, String expected) {
        JsonNode value = value(name);
        if (value != null && !value.isTextual()) {
            wrong(name, expected);
        }
        return value == null || !value.isTextual() ? null : value.textValue();
    }

    /** Notes what is wrong with a field. */
    void wrong(String name, String detail) {
        known.add(name);
        errors.add(new Problem.FieldError(pointer(name), detail));
    }

    /** Notes what is wrong with the object as a whole. */
    void wrong(String detail) {
        errors.add(new Problem.FieldError("", detail));
    }

    boolean isRight() {
        return errors.isEmpty();
    }

    /**
     * Ends the reading.
     *
     * @param fixed fields of what is described that nobody can set
     * @throws RequestRefusedException if something is wrong, or there are fields that nobody asked for
     */
    void refuseWrong(Set<String> fixed) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                errors.add(new Problem.FieldError(
                        pointer(name), fixed.contains(name) ? "This field cannot be set" : "There is no such field"));
            }
        });
        if (!errors.isEmpty()) {
            throw refused("Nothing was written; see errors", errors);
        }
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static RequestRefusedException refused(String detail, List<Problem.FieldError> errors) {
        return new RequestRefusedException(Problem.of(ProblemCode.INVALID_BODY, detail, errors));
    }
}

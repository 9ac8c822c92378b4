package io.tally.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** JSON for tests. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static String text(Map<?, ?> fields) {
        return MAPPER.valueToTree(fields).toString();
    }
}

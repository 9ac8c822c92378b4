package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.app.load.Hundredths;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up a balance at a date.
 *
 * @param balance what it must be, in hundredths
 */
record DatedRead(byte[] request, long balance) implements Attempt {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public @Nullable String fault(HttpAnswer answer) {
        if (answer.status() != 200) {
            return Integer.toString(answer.status());
        }
        try {
            JsonNode served = JSON.readTree(answer.body()).path("balance");
            return served.isTextual() && Hundredths.of(served.asText()) == balance ? null : "another balance";
        } catch (IOException e) {
            return "200 without JSON";
        }
    }

    @Override
    public void unanswered() {}
}

package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command, answered with its outcome.
 *
 * @param amount in whole units; below zero for a withdrawal
 */
record Write(byte[] request, ObjectNode json, User user, long amount) implements Attempt {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Write of(HttpTarget target, User user, long amount, SplittableRandom random) {
        ObjectNode json = JSON.createObjectNode()
                .put("uid", new UUID(random.nextLong(), random.nextLong()).toString())
                .put("type", amount < 0 ? "WITHDRAW" : "DEPOSIT")
                .put("user_id", user.id())
                .put("amount", Long.toString(Math.abs(amount)));
        return new Write(
                target.post("/v1/transaction", json.toString().getBytes(StandardCharsets.UTF_8)), json, user, amount);
    }

    @Override
    public @Nullable String fault(HttpAnswer answer) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            return fault(answer.status(), answer.status() == 200 ? outcomeOf(body) : body);
        } catch (IOException e) {
            user.unanswered();
            return answer.status() + " without JSON";
        }
    }

    private static JsonNode outcomeOf(JsonNode outcome) {
        return JSON.createObjectNode().set("outcome", outcome);
    }

    /** Judges a result that has an {@code outcome}, alone or among many. */
    @Nullable
    String fault(int status, JsonNode result) {
        if (status != 200 && status != 402) {
            user.unanswered();
            return Integer.toString(status);
        }
        JsonNode outcome = result.at(status == 200 || result.has("outcome") ? "/outcome" : "/problem/outcome");
        long delta = status == 200 ? amount : 0;
        long sequence = outcome.path("sequence").asLong();
        boolean right = outcome.path("uid").equals(json.path("uid"))
                && outcome.path("user_id").equals(json.path("user_id"))
                && outcome.path("delta").isTextual()
                && Users.units(outcome.path("delta")) == delta
                && Users.units(outcome.path("balance")) >= 0
                && sequence > 0;
        if (!right) {
            user.unanswered();
            return status + " with another outcome";
        }
        user.decided(delta, sequence);
        return null;
    }

    @Override
    public void unanswered() {
        user.unanswered();
    }
}

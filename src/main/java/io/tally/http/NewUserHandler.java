package io.tally.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.Submission;
import io.tally.wire.Flaw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/user}: opens a user by an OPEN command, so that the log holds it. */
final class NewUserHandler implements Handler {
    /** Numbers below it are exact in every JSON reader. */
    private static final long ID_BOUND = 1L << 53;

    private final Commands commands;
    private final OutcomeAnswers answers;
    private final ObjectMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // Numbers go into the command as they were sent: as doubles, some would become the word "Infinity".
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    NewUserHandler(Commands commands, OutcomeAnswers answers) {
        this.commands = commands;
        this.answers = answers;
    }

    @Override
    public void handle(Context ctx) {
        Parameters.requireOneOf(ctx, Parameters.JSON);
        JsonNode body = body(ctx);
        // Whoever sends the same key again, a caller or this instance to another, must find the same user:
        // both ids follow from it.
        String sent = IdempotencyKey.of(ctx);
        String key = sent == null ? UUID.randomUUID().toString() : sent;
        UUID uid = UUID.nameUUIDFromBytes(("user " + key).getBytes(StandardCharsets.UTF_8));
        JsonNode id =
                body.hasNonNull("id") ? body.get("id") : json.getNodeFactory().numberNode(generatedId(uid));
        byte[] command = command(uid, id, body.get("name"));
        // A key that was sent travels on as it is: without its quotes it could be read as another one.
        Map<String, String> more = sent == null ? Map.of(IdempotencyKey.HEADER, key) : Map.of();
        commands.submit(ctx, command, more, submission -> answer(ctx, submission, id));
    }

    private JsonNode body(Context ctx) {
        try {
            JsonNode body = json.readTree(ctx.bodyAsBytes());
            if (body.isObject()) {
                return body;
            }
        } catch (IOException e) {
            throw notAUser();
        }
        throw notAUser();
    }

    private static RequestRefusedException notAUser() {
        return new RequestRefusedException(
                Problem.of(ProblemCode.INVALID_COMMAND, "Expected a JSON object with an optional name and id"));
    }

    private static long generatedId(UUID uid) {
        long bits = uid.getMostSignificantBits() ^ Long.rotateLeft(uid.getLeastSignificantBits(), 31);
        return 1 + Long.remainderUnsigned(bits, ID_BOUND - 1);
    }

    private byte[] command(UUID uid, JsonNode id, @Nullable JsonNode name) {
        ObjectNode command = json.createObjectNode().put("uid", uid.toString()).put("type", "OPEN");
        command.set("user_id", id);
        if (name != null) {
            command.set("name", name);
        }
        try {
            return json.writeValueAsBytes(command);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a command to be JSON, but it was not", e);
        }
    }

    private void answer(Context ctx, Submission submission, JsonNode id) {
        if (submission instanceof Submission.Decided decided && decided.entry().accepted()) {
            ObjectNode user = json.createObjectNode();
            user.set("id", id);
            user.put("name", decided.entry().command().name());
            answers.write(
                    ctx,
                    CommandAnswer.accepted(
                            user.toString().getBytes(StandardCharsets.UTF_8), decided.position(), decided.replayed()));
            ctx.status(201)
                    .header("Location", "/v1/user/" + decided.entry().command().userId());
        } else {
            answers.write(ctx, answers.of(asSent(submission)));
        }
    }

    private static Submission asSent(Submission submission) {
        return submission instanceof Submission.Malformed malformed
                ? new Submission.Malformed(
                        malformed.flaws().stream().map(NewUserHandler::asSent).toList())
                : submission;
    }

    /** The command calls the user's id by another name than the body. */
    private static Flaw asSent(Flaw flaw) {
        return flaw.pointer().equals("/user_id") ? new Flaw(flaw.code(), "/id", flaw.detail()) : flaw;
    }
}

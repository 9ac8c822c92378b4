package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.Reply;
import io.tally.gateway.webhook.UpdateRefusal;
import io.tally.gateway.webhook.UpdateResult;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;

/** What the calls about endpoints have in common: the id in their path, and what they are refused with. */
final class WebhookAnswers {
    static final String PATH = "/v1/webhook-endpoints";
    private static final Problem UNKNOWN = Problem.of(
            ProblemCode.UNKNOWN_ENDPOINT, "It was never registered or is deleted, as far as this instance has read");

    private WebhookAnswers() {}

    /** The endpoint that the path names. */
    static String id(Context ctx) {
        String id = ctx.pathParam("id");
        if (!WebhookGateway.isEndpointId(id)) {
            throw Parameters.invalid("id", "Expected we_ and 16 letters and digits");
        }
        return id;
    }

    /**
     * What was found.
     *
     * @throws RequestRefusedException if there is no such endpoint, or nobody can say now
     */
    static <T> T value(Reply<T> reply) {
        return Replies.value(reply, UNKNOWN);
    }

    /**
     * What a change has brought.
     *
     * @throws RequestRefusedException if it was not made, or that is not known
     */
    static <T> T value(UpdateResult<T> result) {
        if (result instanceof UpdateResult.Made<T> made) {
            return made.value();
        }
        if (result instanceof UpdateResult.Refused<T> refused) {
            throw new RequestRefusedException(problem(refused.why()));
        }
        if (result instanceof UpdateResult.Unavailable<T> unavailable) {
            throw new RequestRefusedException(Problem.unavailable(unavailable.reason()));
        }
        throw new RequestRefusedException(
                result instanceof UpdateResult.Absent<T>
                        ? UNKNOWN
                        : Problem.of(
                                ProblemCode.CHANGE_UNKNOWN,
                                "Kafka did not answer in time; look at the endpoint before you try again"));
    }

    private static Problem problem(UpdateRefusal refusal) {
        return switch (refusal) {
            case TOO_MANY_ENDPOINTS ->
                Problem.of(
                        ProblemCode.TOO_MANY_ENDPOINTS,
                        "There are " + WebhookRegistry.MAX_ENDPOINTS + "; delete one that is not needed");
            case TOO_MANY_REPLAYS ->
                Problem.of(
                        ProblemCode.TOO_MANY_REPLAYS,
                        "It has " + WebhookRegistry.MAX_REPLAYS + "; wait until one of them is done");
            case OTHER_SETTINGS ->
                Problem.of(
                        ProblemCode.ENDPOINT_EXISTS,
                        "The endpoint of this key has other settings; change it, or send another key");
            case OTHER_VERSION ->
                Problem.of(ProblemCode.VERSION_MISMATCH, "It was changed meanwhile; read it and decide anew");
            case NOT_IN_OUTPUT ->
                Problem.of(
                        ProblemCode.INVALID_BODY,
                        "Nothing was written; see errors",
                        new Problem.FieldError("", "There is no such place among the outcomes"));
        };
    }
}

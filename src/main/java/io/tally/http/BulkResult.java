package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.gateway.Position;
import io.tally.gateway.Submission;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What became of one command among many, as JSON on one line. */
final class BulkResult {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The form that clients see.
     *
     * @param status what the command alone would have been answered with
     * @param outcome when it was accepted
     * @param problem from status 400
     * @param location where the outcome will be, with status 202
     * @param position for {@code Tally-Position}
     * @param replayed there when the outcome was known before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(
            @JsonProperty int status,
            @JsonRawValue @JsonProperty @Nullable String outcome,
            @JsonProperty @Nullable Problem problem,
            @JsonProperty @Nullable String location,
            @JsonProperty @Nullable String position,
            @JsonProperty @Nullable Boolean replayed) {}

    private BulkResult() {}

    static byte[] of(CommandAnswer answer) {
        byte[] outcome = answer.outcome();
        Submission.Pending pending = answer.pending();
        Position position = answer.position();
        return bytes(new Body(
                answer.status(),
                outcome == null ? null : new String(outcome, StandardCharsets.UTF_8),
                answer.problem(),
                pending == null ? null : OutcomeAnswers.location(pending),
                position == null ? null : position.toText(),
                answer.replayed() ? true : null));
    }

    /** A command that got a problem together with others. */
    static byte[] of(Problem problem) {
        return of(CommandAnswer.refused(problem));
    }

    private static byte[] bytes(Body body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a result to be JSON, but it was not", e);
        }
    }
}

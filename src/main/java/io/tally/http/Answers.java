package io.tally.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;

/** Writes answers. Every 429 and 503 says when to ask again. */
final class Answers {
    static final String PROBLEM_JSON = "application/problem+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static void problem(Context ctx, Problem problem) {
        if (retryable(problem)) {
            ctx.header("Retry-After", "1");
        }
        ctx.status(problem.status()).contentType(PROBLEM_JSON).result(json(problem));
    }

    /** Whether the same request may fare better in a second. */
    static boolean retryable(Problem problem) {
        return problem.status() == 429 || problem.status() == 503;
    }

    static byte[] json(Problem problem) {
        try {
            return JSON.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a problem to be JSON, but it was not", e);
        }
    }
}

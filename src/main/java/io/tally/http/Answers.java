package io.tally.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;

/** Writes answers. Every 429 and 503 says when to ask again. */
final class Answers {
    static final String PROBLEM_JSON = "application/problem+json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answers() {}

    static void problem(Context ctx, Problem problem) {
        if (retryable(problem)) {
            ctx.header("Retry-After", "1");
        }
        ctx.status(problem.status()).contentType(PROBLEM_JSON).result(json(problem));
    }

    /** Writes a body of JSON; Javalin's own way makes a text of it first. */
    static void json(Context ctx, Object body) {
        ctx.contentType(Parameters.JSON).result(json(body));
    }

    /** Whether the same request may fare better in a second. */
    static boolean retryable(Problem problem) {
        return problem.status() == 429 || problem.status() == 503;
    }

    static byte[] json(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a body that is JSON, but it was not", e);
        }
    }
}

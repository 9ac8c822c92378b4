package io.tally.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;

/** Writes answers. Every 503 says when to ask again. */
final class Answers {
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static void problem(Context ctx, Problem problem) {
        if (problem.status() == 503) {
            ctx.header("Retry-After", "1");
        }
        try {
            ctx.status(problem.status()).contentType(PROBLEM_JSON).result(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a problem to be JSON, but it was not", e);
        }
    }
}

package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Answers unknown paths and methods, for which Javalin has bodies of its own. */
final class JavalinProblems {
    private static final Pattern COMMA = Pattern.compile("[, ]+");

    private JavalinProblems() {}

    static void write(HttpResponseException e, Context ctx) {
        switch (e.getStatus()) {
            case 404 -> Answers.problem(ctx, Problem.of(ProblemCode.NOT_FOUND, "See the README for what there is"));
            case 405 -> {
                String allowed = allowed(e);
                ctx.header("Allow", allowed);
                if (ctx.method().equals(HandlerType.OPTIONS)) {
                    ctx.status(204);
                } else {
                    Answers.problem(ctx, Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "Expected one of " + allowed));
                }
            }
            default ->
                Answers.problem(
                        ctx, Problem.of(ProblemCode.INVALID_REQUEST, "Expected an HTTP request that can be read"));
        }
    }

    /** Javalin names the methods that have handlers. */
    private static String allowed(HttpResponseException e) {
        TreeSet<String> methods = new TreeSet<>();
        e.getDetails().values().forEach(names -> COMMA.splitAsStream(names).forEach(methods::add));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }
}

package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.CommandGateway;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** {@code POST} or {@code PUT /v1/transaction}: a command, decided while the caller waits. */
final class TransactionHandler implements Handler {
    private static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate");

    private final CommandGateway commands;
    private final OutcomeAnswers answers;
    private final Executor executor;

    TransactionHandler(CommandGateway commands, OutcomeAnswers answers, Executor executor) {
        this.commands = commands;
        this.answers = answers;
        this.executor = executor;
    }

    @Override
    public void handle(Context ctx) {
        Parameters.requireJson(ctx);
        byte[] body = ctx.bodyAsBytes();
        String key = IdempotencyKey.of(ctx);
        byte[] command = key == null ? body : IdempotencyKey.asUid(key, body);
        ctx.future(() -> commands.submit(command, traceHeaders(ctx))
                .thenAcceptAsync(submission -> answers.submission(ctx, submission), executor));
    }

    private static Map<String, String> traceHeaders(Context ctx) {
        Map<String, String> headers = new HashMap<>();
        for (String name : TRACE_HEADERS) {
            String value = ctx.header(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return headers;
    }
}

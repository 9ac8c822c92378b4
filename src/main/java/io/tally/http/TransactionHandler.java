package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Map;

/** {@code POST} or {@code PUT /v1/transaction}: a command, decided while the caller waits. */
final class TransactionHandler implements Handler {
    private final Commands commands;
    private final OutcomeAnswers answers;

    TransactionHandler(Commands commands, OutcomeAnswers answers) {
        this.commands = commands;
        this.answers = answers;
    }

    @Override
    public void handle(Context ctx) {
        Parameters.requireOneOf(ctx, Parameters.JSON);
        byte[] body = ctx.bodyAsBytes();
        String key = IdempotencyKey.of(ctx);
        byte[] command = key == null ? body : IdempotencyKey.asUid(key, body);
        commands.submit(ctx, command, Map.of(), submission -> answers.write(ctx, answers.of(submission)));
    }
}

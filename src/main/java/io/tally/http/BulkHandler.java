package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.Submission;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * {@code POST /v1/transactions}: many commands, as a JSON array or as lines of JSON; one result each, in their order. Each
 * is decided by itself, those of one user in the order of the list. What another instance decides goes there in one request.
 */
final class BulkHandler implements Handler {
    /** Lines of JSON. */
    static final String NDJSON = "application/x-ndjson";

    private final CommandGateway gateway;
    private final OutcomeAnswers answers;
    private final Forwarding forwarding;
    private final Executor executor;

    /**
     * Makes the handler.
     *
     * @param executor writes the answers
     */
    BulkHandler(CommandGateway gateway, OutcomeAnswers answers, Forwarding forwarding, Executor executor) {
        this.gateway = gateway;
        this.answers = answers;
        this.forwarding = forwarding;
        this.executor = executor;
    }

    @Override
    public void handle(Context ctx) {
        boolean lines = Parameters.requireOneOf(ctx, Parameters.JSON, NDJSON).equals(NDJSON);
        if (IdempotencyKey.of(ctx) != null) {
            throw Parameters.invalid(IdempotencyKey.HEADER, "Expected none: each command has a uid of its own");
        }
        byte[] body = ctx.bodyAsBytes();
        List<byte[]> commands = lines ? CommandList.ofLines(body) : CommandList.ofArray(body);
        ctx.future(() -> results(ctx, commands).thenAcceptAsync(results -> write(ctx, results, lines), executor));
    }

    private CompletableFuture<List<byte[]>> results(Context ctx, List<byte[]> commands) {
        List<CompletableFuture<Submission>> submissions = gateway.submitAll(commands, Commands.traceHeaders(ctx));
        byte[][] results = new byte[commands.size()][];
        Stream.Builder<CompletableFuture<Void>> written = Stream.builder();
        BulkForwarding elsewhere = new BulkForwarding(forwarding, ctx);
        for (int i = 0; i < results.length; i++) {
            int index = i;
            CompletableFuture<Submission> submission = submissions.get(i);
            // That it is decided elsewhere is known at once.
            if (submission.isDone() && submission.join() instanceof Submission.Elsewhere owner) {
                elsewhere.add(owner.owner(), index, commands.get(index));
            } else {
                written.add(submission.thenAcceptAsync(
                        result -> results[index] = BulkResult.of(answers.of(result)), executor));
            }
        }
        written.add(elsewhere.send((index, result) -> results[index] = result));
        return CompletableFuture.allOf(written.build().toArray(CompletableFuture[]::new))
                .thenApply(ignored -> Arrays.asList(results));
    }

    private static void write(Context ctx, List<byte[]> results, boolean lines) {
        StringBuilder text = new StringBuilder(lines ? "" : "[");
        String separator = "";
        for (byte[] result : results) {
            text.append(lines ? "" : separator)
                    .append(new String(result, StandardCharsets.UTF_8))
                    .append(lines ? "\n" : "");
            separator = ",";
        }
        ctx.contentType(lines ? NDJSON : Parameters.JSON)
                .result(text.append(lines ? "" : "]").toString());
    }
}

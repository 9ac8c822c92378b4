package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.Submission;
import io.tally.wire.TraceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Submits commands for callers who wait; what another instance decides, that instance is asked for. */
final class Commands {
    private static final List<String> TRACE_HEADERS = List.of(TraceContext.PARENT, TraceContext.STATE);

    private final CommandGateway gateway;
    private final Forwarding forwarding;
    private final Executor executor;

    /**
     * Makes the submission of commands.
     *
     * @param executor writes the answers
     */
    Commands(CommandGateway gateway, Forwarding forwarding, Executor executor) {
        this.gateway = gateway;
        this.forwarding = forwarding;
        this.executor = executor;
    }

    /**
     * Submits the command of a request.
     *
     * @param headers that the request must have where it is passed on, beside its own
     * @param answer says what the command came to
     */
    void submit(Context ctx, byte[] command, Map<String, String> headers, Consumer<Submission> answer) {
        ctx.future(() -> gateway.submit(command, traceHeaders(ctx))
                .thenComposeAsync(
                        submission -> {
                            if (submission instanceof Submission.Elsewhere elsewhere) {
                                return forwarding.relay(ctx, elsewhere.owner(), headers);
                            }
                            answer.accept(submission);
                            return CompletableFuture.completedFuture(null);
                        },
                        executor));
    }

    /** The trace that a request belongs to. */
    static Map<String, String> traceHeaders(Context ctx) {
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

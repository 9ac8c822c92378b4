package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Position;
import io.tally.gateway.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers look-ups: at once, or, when the client sent {@code Tally-Position}, as soon as the state has passed it. No thread
 * waits: it asks again every few milliseconds, for a bounded time.
 */
final class Reads {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final LedgerGateway gateway;
    private final Executor executor;

    /**
     * Makes the look-ups.
     *
     * @param executor asks again and answers
     */
    Reads(LedgerGateway gateway, Executor executor) {
        this.gateway = gateway;
        this.executor = executor;
    }

    /** The ledger, for what is known without asking a partition. */
    LedgerGateway gateway() {
        return gateway;
    }

    /**
     * Answers with what the question brings.
     *
     * @param userId who it is about, or null when it is about nobody in particular
     * @throws RequestRefusedException if the position is none of this user's
     */
    <T> void answer(
            Context ctx,
            @Nullable String userId,
            Function<LedgerGateway, Reply<T>> question,
            Consumer<Reply<T>> answer) {
        Position position = Parameters.position(ctx);
        if (position == null) {
            answer.accept(question.apply(gateway));
            return;
        }
        if (userId != null && gateway.partitionOf(userId) != position.partition()) {
            throw Parameters.invalid(Parameters.POSITION, "Expected a position that was given for this user");
        }
        LedgerGateway after = gateway.after(position);
        Reply<T> first = question.apply(after);
        if (!(first instanceof Reply.Unavailable<T>)) {
            answer.accept(first);
            return;
        }
        CompletableFuture<Reply<T>> reply = new CompletableFuture<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        askAgain(() -> question.apply(after), deadline, reply);
        ctx.future(() -> reply.thenAcceptAsync(answer, executor));
    }

    private <T> void askAgain(Supplier<Reply<T>> question, long deadline, CompletableFuture<Reply<T>> reply) {
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> {
                    try {
                        Reply<T> next = question.get();
                        if (next instanceof Reply.Unavailable<T> && System.nanoTime() - deadline < 0) {
                            askAgain(question, deadline, reply);
                        } else {
                            reply.complete(next);
                        }
                    } catch (RuntimeException e) {
                        reply.completeExceptionally(e);
                    }
                });
    }
}

package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Position;
import io.tally.gateway.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers look-ups: at once, or, when the client sent {@code Tally-Position}, as soon as the state has passed it; what
 * another instance owns, that instance answers. No thread waits: it asks again every few milliseconds, for a bounded time.
 */
final class Reads {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Says that an answer is written already. */
    static final CompletableFuture<Void> WRITTEN = CompletableFuture.completedFuture(null);

    private final LedgerGateway gateway;
    private final Forwarding forwarding;
    private final Executor executor;

    /**
     * Makes the look-ups.
     *
     * @param forwarding asks the other instances
     * @param executor asks again and answers
     */
    Reads(LedgerGateway gateway, Forwarding forwarding, Executor executor) {
        this.gateway = gateway;
        this.forwarding = forwarding;
        this.executor = executor;
    }

    /** The ledger, for what is known without asking a partition. */
    LedgerGateway gateway() {
        return gateway;
    }

    /**
     * Answers with what the question about a user brings.
     *
     * @throws RequestRefusedException if the position is none of this user's
     */
    <T> void answer(Context ctx, String userId, Function<LedgerGateway, Reply<T>> question, Consumer<Reply<T>> answer) {
        Position position = Parameters.position(ctx);
        if (position != null && gateway.partitionOf(userId) != position.partition()) {
            throw Parameters.invalid(Parameters.POSITION, "Expected a position that was given for this user");
        }
        ask(ctx, position, question, reply -> {
            if (reply instanceof Reply.Elsewhere<T> elsewhere) {
                return forwarding.relay(ctx, elsewhere.owner(), Map.of());
            }
            answer.accept(reply);
            return WRITTEN;
        });
    }

    /**
     * Asks until the answer is settled, and hands it on.
     *
     * @param answer starts to write it, and says when it is written
     */
    <T> void ask(
            Context ctx,
            @Nullable Position position,
            Function<LedgerGateway, Reply<T>> question,
            Function<Reply<T>, CompletableFuture<Void>> answer) {
        if (position != null && position.partition() >= gateway.partitions()) {
            throw notOfThisLedger();
        }
        LedgerGateway ledger = position == null ? gateway : gateway.after(position);
        Reply<T> first = question.apply(ledger);
        if (position == null || !(first instanceof Reply.Unavailable<T>)) {
            CompletableFuture<Void> written = answer.apply(first);
            if (written != WRITTEN) {
                ctx.future(() -> written);
            }
            return;
        }
        CompletableFuture<Reply<T>> reply = new CompletableFuture<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        askAgain(() -> question.apply(ledger), deadline, reply);
        ctx.future(() -> reply.thenComposeAsync(
                settled -> settled instanceof Reply.Unavailable<T>
                        ? requireWritten(position).thenComposeAsync(ignored -> answer.apply(settled), executor)
                        : answer.apply(settled),
                executor));
    }

    /** Nobody needs to wait for a position that was never given: those that were are in the log. */
    private CompletableFuture<Void> requireWritten(Position position) {
        return gateway.isBeyondInput(position).thenAccept(beyond -> {
            if (beyond) {
                throw notOfThisLedger();
            }
        });
    }

    private static RequestRefusedException notOfThisLedger() {
        return Parameters.invalid(Parameters.POSITION, "Expected a position in this ledger's input");
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

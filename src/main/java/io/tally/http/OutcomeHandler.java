package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Set;
import java.util.UUID;

/** {@code GET /v1/transaction/{uid}[?user_id=]}: the outcome of a command. */
final class OutcomeHandler implements Handler {
    private final Reads reads;
    private final OutcomeAnswers answers;
    private final UidLookup lookup;

    OutcomeHandler(Reads reads, OutcomeAnswers answers, UidLookup lookup) {
        this.reads = reads;
        this.answers = answers;
        this.lookup = lookup;
    }

    @Override
    public void handle(Context ctx) {
        UUID uid = Parameters.uid(ctx);
        String userId = Parameters.userIdOfQuery(ctx);
        if (userId == null) {
            Set<Integer> partitions = UidLookup.partitions(ctx, reads.gateway().partitions());
            reads.ask(
                    ctx,
                    Parameters.position(ctx),
                    ledger -> ledger.outcomes(uid, partitions),
                    reply -> lookup.answer(ctx, uid, Replies.value(reply, UidLookup.unknown(uid))));
        } else {
            reads.answer(
                    ctx,
                    userId,
                    ledger -> ledger.outcome(userId, uid),
                    reply -> answers.outcome(ctx, Replies.value(reply, UidLookup.unknown(uid))));
        }
    }
}

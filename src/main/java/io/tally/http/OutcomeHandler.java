package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.ledger.JournalEntry;
import java.util.List;
import java.util.UUID;

/** {@code GET /v1/transaction/{uid}[?user_id=]}: the outcome of a command. */
final class OutcomeHandler implements Handler {
    private final Reads reads;
    private final OutcomeAnswers answers;

    OutcomeHandler(Reads reads, OutcomeAnswers answers) {
        this.reads = reads;
        this.answers = answers;
    }

    @Override
    public void handle(Context ctx) {
        UUID uid = Parameters.uid(ctx);
        String userId = Parameters.userIdOfQuery(ctx);
        if (userId == null) {
            reads.answer(
                    ctx,
                    null,
                    ledger -> ledger.outcomes(uid),
                    reply -> answers.outcome(ctx, theOnly(Replies.value(reply, unknown(uid)))));
        } else {
            reads.answer(
                    ctx,
                    userId,
                    ledger -> ledger.outcome(userId, uid),
                    reply -> answers.outcome(ctx, Replies.value(reply, unknown(uid))));
        }
    }

    private static JournalEntry theOnly(List<JournalEntry> entries) {
        if (entries.size() > 1) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.AMBIGUOUS_UID, "Add user_id= to say whose command is meant"));
        }
        return entries.get(0);
    }

    private static Problem unknown(UUID uid) {
        return Problem.of(ProblemCode.UNKNOWN_UID, "No command with uid " + uid + " was decided");
    }
}

package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.Position;
import io.tally.gateway.Submission;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Rejection;
import io.tally.wire.DeadLetterCode;
import io.tally.wire.Flaw;
import io.tally.wire.OutcomeEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Says over HTTP what a command came to. */
final class OutcomeAnswers {
    static final String REPLAYED = "Idempotent-Replayed";

    private final OutcomeEncoder encoder;

    OutcomeAnswers(OutcomeEncoder encoder) {
        this.encoder = encoder;
    }

    /** The outcome as it is, whatever the verdict: for look-ups. */
    void outcome(Context ctx, JournalEntry entry) {
        ctx.contentType("application/json").result(encoder.encode(entry));
    }

    void submission(Context ctx, Submission submission) {
        if (submission instanceof Submission.Decided decided) {
            decided(ctx, decided);
        } else if (submission instanceof Submission.Malformed malformed) {
            Answers.problem(ctx, malformed(malformed.flaws()));
        } else if (submission instanceof Submission.Conflicting conflicting) {
            position(ctx, conflicting.position());
            Answers.problem(ctx, conflict(conflicting.flaw()));
        } else if (submission instanceof Submission.Pending pending) {
            pending(ctx, pending);
        } else if (submission instanceof Submission.Unknown) {
            Answers.problem(
                    ctx,
                    Problem.of(
                            ProblemCode.OUTCOME_UNKNOWN,
                            "The brokers did not acknowledge the command in time; send it again with the same uid"));
        } else if (submission instanceof Submission.Elsewhere elsewhere) {
            throw new IllegalStateException(
                    "Expected to have asked " + elsewhere.owner().address() + ", but its answer is wanted here");
        } else if (submission instanceof Submission.Unavailable unavailable) {
            Answers.problem(ctx, Problem.unavailable(unavailable.reason()));
        }
    }

    private void decided(Context ctx, Submission.Decided decided) {
        JournalEntry entry = decided.entry();
        markDecided(ctx, decided);
        Rejection rejection = entry.rejection();
        if (rejection == null) {
            outcome(ctx, entry);
        } else {
            String outcome = new String(encoder.encode(entry), StandardCharsets.UTF_8);
            Answers.problem(ctx, Problem.of(code(rejection), "See the outcome").about(outcome));
        }
    }

    /** The headers of every answer that tells of a decision. */
    void markDecided(Context ctx, Submission.Decided decided) {
        position(ctx, decided.position());
        if (decided.replayed()) {
            ctx.header(REPLAYED, "true");
        }
    }

    private static ProblemCode code(Rejection rejection) {
        return switch (rejection) {
            case UNKNOWN_USER -> ProblemCode.UNKNOWN_USER;
            case USER_EXISTS -> ProblemCode.USER_EXISTS;
            case INSUFFICIENT_FUNDS -> ProblemCode.INSUFFICIENT_FUNDS;
            case BALANCE_OVERFLOW -> ProblemCode.BALANCE_OVERFLOW;
        };
    }

    private static Problem malformed(List<Flaw> flaws) {
        List<Problem.FieldError> errors = flaws.stream()
                .map(flaw -> new Problem.FieldError(flaw.pointer(), flaw.code().wireName() + ": " + flaw.detail()))
                .toList();
        // Only a key that was put into the body can make it too large here.
        boolean tooLarge = flaws.get(0).code() == DeadLetterCode.TOO_LARGE;
        return Problem.of(
                tooLarge ? ProblemCode.TOO_LARGE : ProblemCode.INVALID_COMMAND,
                flaws.get(0).detail(),
                errors);
    }

    private static Problem conflict(Flaw flaw) {
        return Problem.of(
                ProblemCode.UID_CONFLICT, flaw.detail(), new Problem.FieldError(flaw.pointer(), flaw.detail()));
    }

    private static void pending(Context ctx, Submission.Pending pending) {
        position(ctx, pending.position());
        ctx.status(202)
                .header("Retry-After", "1")
                .header("Location", "/v1/transaction/" + pending.uid() + "?user_id=" + pending.userId())
                .json(Map.of("uid", pending.uid().toString(), "user_id", pending.userId(), "status", "PENDING"));
    }

    private static void position(Context ctx, Position position) {
        ctx.header(Parameters.POSITION, position.toText());
    }
}

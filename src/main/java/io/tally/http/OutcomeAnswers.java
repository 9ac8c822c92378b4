package io.tally.http;

import io.javalin.http.Context;
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
        ctx.contentType(Parameters.JSON).result(encoder.encode(entry));
    }

    /** What a command came to. */
    CommandAnswer of(Submission submission) {
        if (submission instanceof Submission.Decided decided) {
            return decided(decided);
        } else if (submission instanceof Submission.Malformed malformed) {
            return CommandAnswer.refused(malformed(malformed.flaws()));
        } else if (submission instanceof Submission.Conflicting conflicting) {
            return CommandAnswer.refused(conflict(conflicting.flaw()), conflicting.position(), false);
        } else if (submission instanceof Submission.Pending pending) {
            return CommandAnswer.pending(pending);
        } else if (submission instanceof Submission.Unknown) {
            return CommandAnswer.refused(Problem.outcomeUnknown("The brokers did not acknowledge the command in time"));
        } else if (submission instanceof Submission.Unavailable unavailable) {
            return CommandAnswer.refused(Problem.unavailable(unavailable.reason()));
        }
        throw new IllegalStateException("Expected a submission that ended here, but got " + submission);
    }

    /** Answers a request for one command. */
    void write(Context ctx, CommandAnswer answer) {
        if (answer.position() != null) {
            ctx.header(Parameters.POSITION, answer.position().toText());
        }
        if (answer.replayed()) {
            ctx.header(REPLAYED, "true");
        }
        if (answer.problem() != null) {
            Answers.problem(ctx, answer.problem());
        } else if (answer.outcome() != null) {
            ctx.contentType(Parameters.JSON).result(answer.outcome());
        } else if (answer.pending() != null) {
            ctx.status(answer.status()).header("Retry-After", "1").header("Location", location(answer.pending()));
            Answers.json(ctx, pending(answer.pending()));
        }
    }

    /** Where the outcome will be. */
    static String location(Submission.Pending pending) {
        return "/v1/transaction/" + pending.uid() + "?user_id=" + pending.userId();
    }

    private static Map<String, String> pending(Submission.Pending pending) {
        return Map.of("uid", pending.uid().toString(), "user_id", pending.userId(), "status", "PENDING");
    }

    private CommandAnswer decided(Submission.Decided decided) {
        JournalEntry entry = decided.entry();
        byte[] outcome = encoder.encode(entry);
        Rejection rejection = entry.rejection();
        if (rejection == null) {
            return CommandAnswer.accepted(outcome, decided.position(), decided.replayed());
        }
        Problem problem =
                Problem.of(code(rejection), "See the outcome").about(new String(outcome, StandardCharsets.UTF_8));
        return CommandAnswer.refused(problem, decided.position(), decided.replayed());
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
}

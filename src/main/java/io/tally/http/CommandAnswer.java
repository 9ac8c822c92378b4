package io.tally.http;

import io.tally.gateway.Position;
import io.tally.gateway.Submission;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command, as a response of its own or as one of many.
 *
 * @param status the HTTP status
 * @param outcome the outcome's JSON, when the command was accepted
 * @param problem what is wrong, from status 400
 * @param position a read that has passed it sees what the answer tells of; null when nothing is in the log
 * @param replayed whether the outcome was there before
 * @param pending the command, when its outcome is still to come
 */
record CommandAnswer(
        int status,
        byte @Nullable [] outcome,
        @Nullable Problem problem,
        @Nullable Position position,
        boolean replayed,
        Submission.@Nullable Pending pending) {

    static CommandAnswer accepted(byte[] outcome, Position position, boolean replayed) {
        return new CommandAnswer(200, outcome, null, position, replayed, null);
    }

    static CommandAnswer pending(Submission.Pending pending) {
        return new CommandAnswer(202, null, null, pending.position(), false, pending);
    }

    static CommandAnswer refused(Problem problem) {
        return refused(problem, null, false);
    }

    static CommandAnswer refused(Problem problem, @Nullable Position position, boolean replayed) {
        return new CommandAnswer(problem.status(), null, problem, position, replayed, null);
    }
}

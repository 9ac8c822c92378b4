package io.tally.http;

import io.tally.gateway.Reply;

/** Turns replies into values or problems. */
final class Replies {
    private Replies() {}

    /**
     * What was found.
     *
     * @param absent the problem when there is nothing
     * @throws RequestRefusedException if there is nothing, or nobody can say now
     */
    static <T> T value(Reply<T> reply, Problem absent) {
        if (reply instanceof Reply.Found<T> found) {
            return found.value();
        }
        if (reply instanceof Reply.Unavailable<T> unavailable) {
            throw new RequestRefusedException(Problem.unavailable(unavailable.reason()));
        }
        if (reply instanceof Reply.Elsewhere<T> elsewhere) {
            throw new IllegalStateException(
                    "Expected to have asked " + elsewhere.owner().hostAndPort() + ", but its answer is wanted here");
        }
        throw new RequestRefusedException(absent);
    }

    static Problem unknownUser(String userId) {
        return Problem.of(ProblemCode.UNKNOWN_USER, "No user " + userId + " was opened or deposited to");
    }
}

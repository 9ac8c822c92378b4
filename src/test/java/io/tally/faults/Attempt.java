package io.tally.faults;

/**
 * A write that was sent once.
 *
 * @param instance which it was sent to
 * @param sentAt nanoseconds of this process's clock, as is the next
 */
public record Attempt(Write write, String instance, long sentAt, long answeredAt, HttpAnswer answer) {
    /** What an answer promises. */
    public enum Meaning {
        /** This is the outcome. */
        DECIDED,
        /** It is in the log and will be decided. */
        PENDING,
        /** The uid belongs to another request. */
        CONFLICTING,
        /** Nothing was written. */
        UNWRITTEN,
        /** It may be in the log or not. */
        UNKNOWN,
        /** Nothing that a well-formed write may be told. */
        FORBIDDEN
    }

    public Meaning meaning() {
        if (answer.outcome().isObject()) {
            return Meaning.DECIDED;
        }
        return switch (answer.status()) {
            case HttpAnswer.NONE -> Meaning.UNKNOWN;
            case 202 -> Meaning.PENDING;
            case 409 -> answer.code().equals("uid_conflict") ? Meaning.CONFLICTING : Meaning.FORBIDDEN;
            case 429 -> Meaning.UNWRITTEN;
            case 503 -> answer.code().equals("outcome_unknown") ? Meaning.UNKNOWN : Meaning.UNWRITTEN;
            default -> Meaning.FORBIDDEN;
        };
    }

    public long sequence() {
        return answer.outcome().path("sequence").asLong();
    }

    @Override
    public String toString() {
        return write.json() + " at " + instance + ": " + answer.label() + (answer.replayed() ? " replayed " : " ")
                + (answer.failure() == null ? answer.body() : answer.failure());
    }
}

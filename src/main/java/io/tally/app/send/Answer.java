package io.tally.app.send;

/** What became of a command, as far as this client can know. */
public sealed interface Answer {
    /** Its outcome was written: accepted. */
    record Accepted(String outcome) implements Answer {}

    /** Its outcome was written: rejected. */
    record Rejected(String reason, String outcome) implements Answer {}

    /** It could not be decided. */
    record DeadLetter(String code, String detail) implements Answer {}

    /** The ledger has passed it without a new outcome: its uid was decided before, and that outcome stands. */
    record Repeated() implements Answer {}

    /** In time there was no answer. The command is in Kafka and will be decided when the ledger gets to it. */
    record Unanswered() implements Answer {}
}

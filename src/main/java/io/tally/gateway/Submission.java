package io.tally.gateway;

import io.tally.ledger.JournalEntry;
import io.tally.stream.InstanceAddress;
import io.tally.wire.Flaw;
import java.util.List;
import java.util.UUID;

/** What a synchronous command came to. */
public sealed interface Submission {
    /**
     * It has an outcome, accepted or rejected, and that is committed.
     *
     * @param replayed whether the uid had it before; nothing was written then
     * @param position a read that has passed it sees the outcome
     */
    record Decided(JournalEntry entry, boolean replayed, Position position) implements Submission {}

    /** It is no command, for these reasons, the most important first. Nothing was written. */
    record Malformed(List<Flaw> flaws) implements Submission {}

    /**
     * The uid belongs to another request of the user.
     *
     * @param position of that request
     */
    record Conflicting(Flaw flaw, Position position) implements Submission {}

    /** It is in the log and will be decided; the caller's patience ended before. */
    record Pending(String userId, UUID uid, Position position) implements Submission {}

    /** Whether it is in the log is not known. The same uid can be sent again. */
    record Unknown() implements Submission {}

    /** Another instance decides for the user. Nothing was written. */
    record Elsewhere(InstanceAddress owner) implements Submission {}

    /** Nothing was written. */
    record Unavailable(String reason) implements Submission {}
}

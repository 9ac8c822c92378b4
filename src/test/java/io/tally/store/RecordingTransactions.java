package io.tally.store;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One thread's transaction: open or not, with whoever was enlisted. */
final class RecordingTransactions implements Transactions {
    private @Nullable Set<Participant> participants;

    void begin() {
        participants = Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Commits with what the brokers acknowledged. */
    void commit(int acknowledged, long lastOffset) {
        commitLate(acknowledged, lastOffset).forEach(OnceTask::complete);
    }

    /** The same, but leaves it to the caller to bring it to the stores. */
    List<OnceTask> commitLate(int acknowledged, long lastOffset) {
        return commitLate(new Acknowledged(acknowledged, lastOffset, lastOffset));
    }

    List<OnceTask> commitLate(Acknowledged acknowledged) {
        List<OnceTask> writes = participants().stream()
                .map(participant -> participant.committed(acknowledged))
                .toList();
        participants = null;
        return writes;
    }

    void abort() {
        participants().forEach(Participant::aborted);
        participants = null;
    }

    Set<Participant> participants() {
        if (participants == null) {
            throw new IllegalStateException("Expected an open transaction, but there is none");
        }
        return participants;
    }

    @Override
    public void enlist(Participant participant) {
        participants().add(participant);
    }

    @Override
    public void withdraw(Participant participant) {
        if (participants != null) {
            participants.remove(participant);
        }
    }
}

package io.tally.app.send;

import org.jspecify.annotations.Nullable;

/** A command on its way. Confined to the sender's thread. */
final class Pending {
    private final OutgoingCommand command;
    private final long deadlineNanos;
    private int partition = -1;
    private long offset = -1;
    private @Nullable Answer elsewhere;

    Pending(OutgoingCommand command, long deadlineNanos) {
        this.command = command;
        this.deadlineNanos = deadlineNanos;
    }

    OutgoingCommand command() {
        return command;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void acknowledge(int partition, long offset) {
        this.partition = partition;
        this.offset = offset;
    }

    boolean acknowledged() {
        return offset >= 0;
    }

    boolean standsAt(int partition, long offset) {
        return this.partition == partition && this.offset == offset;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** The outcome of another record with the same user and uid: ours too, if it turns out to be a repeat of that. */
    @Nullable
    Answer elsewhere() {
        return elsewhere;
    }

    void decidedElsewhere(Answer answer) {
        elsewhere = answer;
    }
}

package io.tally.stream;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process at once, without closing anything. A stream thread that was fenced, lost its partitions or cannot commit
 * would have its state directories deleted by Kafka Streams and restored in full; a process that just ends resumes from its
 * bookmark. Its supervisor starts it again.
 */
@FunctionalInterface
public interface FailStop {
    /** The exit code of a process that wants to be started again: the "temporary failure" of sysexits.h. */
    int EXIT_CODE = 75;

    /**
     * Ends the process.
     *
     * @param reason for the last line of the log
     */
    void stop(String reason, @Nullable Throwable cause);

    /** Logs the reason and halts the JVM with {@link #EXIT_CODE}. */
    static FailStop haltingProcess() {
        return ProcessHalt::halt;
    }
}

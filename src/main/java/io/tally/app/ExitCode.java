package io.tally.app;

import io.tally.app.send.BadLineException;
import io.tally.app.send.KafkaUnreachableException;

/** How the process ends. A service that stops itself to come back from its bookmark ends with 75 ({@code FailStop}). */
final class ExitCode {
    /** Done; for {@code send}: every command was accepted. */
    static final int OK = 0;

    /** Failed; for {@code send}: some command was not accepted, or it is not known. */
    static final int FAILED = 1;

    /** Called or configured wrongly: nothing was started. */
    static final int USAGE = 2;

    /** Kafka does not answer. */
    static final int KAFKA_UNREACHABLE = 3;

    /** Ended by SIGTERM, as shells say it. */
    static final int TERMINATED = 143;

    private ExitCode() {}

    static int of(Exception e) {
        if (e instanceof ConfigException || e instanceof BadLineException) {
            return USAGE;
        }
        return e instanceof KafkaUnreachableException ? KAFKA_UNREACHABLE : FAILED;
    }
}

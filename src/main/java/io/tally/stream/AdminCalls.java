package io.tally.stream;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for the cluster's answers, at a start and for commands about a ledger. */
final class AdminCalls {
    /** Longer than a broker takes to come back from a restart. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private AdminCalls() {}

    /**
     * The answer.
     *
     * @throws StartRefusedException if the cluster refuses, or does not answer in time
     */
    static <T> T await(KafkaFuture<T> answer, String question) {
        try {
            return orThrow(answer);
        } catch (ExecutionException e) {
            Throwable error = error(e);
            throw new StartRefusedException(
                    "Kafka did not say " + question + ": " + error.getMessage()
                            + ". Check KAFKA_BOOTSTRAP_SERVERS and what this client may do.",
                    error);
        }
    }

    /** The cluster's own error behind a failed call. */
    static Throwable error(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }

    /** The answer, or the cluster's error as the cause of the exception. */
    static <T> T orThrow(KafkaFuture<T> answer) throws ExecutionException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StartRefusedException(
                    "Kafka did not answer within " + TIMEOUT.toSeconds() + " s. Check KAFKA_BOOTSTRAP_SERVERS.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("Interrupted while Kafka was asked", e);
        }
    }
}

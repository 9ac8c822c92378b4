package io.tally.dev;

import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a fault that Kafka's server calls fatal: it would end the JVM without a word.
 *
 * <p>On a thread that is starting a broker it is left to the start, which closes what it opened and throws. Anywhere
 * else the JVM is halted, with a last line in the log: a broker that has lost its disk or its metadata must not go on.
 */
final class FatalFaults {
    private static final Logger log = LoggerFactory.getLogger(FatalFaults.class);
    private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

    private FatalFaults() {}

    /** Replaces Kafka's procedures, for the whole JVM. */
    static void install() {
        Exit.setExitProcedure(FatalFaults::end);
        Exit.setHaltProcedure(FatalFaults::end);
    }

    /** Runs the start of a broker on this thread. */
    static void whileStarting(Runnable start) {
        STARTING.set(true);
        try {
            start.run();
        } finally {
            STARTING.remove();
        }
    }

    private static void end(int status, String message) {
        if (STARTING.get()) {
            return;
        }
        log.error(
                "The embedded broker met a fatal fault and ends this process with status {}{}",
                status,
                message == null ? "; its reason is in the lines above" : ": " + message);
        Runtime.getRuntime().halt(status);
    }
}

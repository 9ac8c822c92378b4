package io.tally.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real {@link FailStop}. Nothing holds it up, not even a log that nobody reads. */
final class ProcessHalt {
    private static final Duration LOG_TIME = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(ProcessHalt.class);
    private static final AtomicBoolean halting = new AtomicBoolean();

    private ProcessHalt() {}

    static void halt(String reason, @Nullable Throwable cause) {
        try {
            if (halting.compareAndSet(false, true)) {
                haltSoon();
                log.error("Stopping at once to come back from the bookmark: {}", reason, cause);
            }
        } finally {
            Runtime.getRuntime().halt(FailStop.EXIT_CODE);
        }
    }

    private static void haltSoon() {
        Thread thread = new Thread(
                () -> {
                    LockSupport.parkNanos(LOG_TIME.toNanos());
                    Runtime.getRuntime().halt(FailStop.EXIT_CODE);
                },
                "tally-halt");
        thread.setDaemon(true);
        thread.start();
    }
}

package io.tally.stream;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real {@link FailStop}. */
final class ProcessHalt {
    private static final Logger log = LoggerFactory.getLogger(ProcessHalt.class);
    private static final AtomicBoolean halting = new AtomicBoolean();

    private ProcessHalt() {}

    static void halt(String reason, @Nullable Throwable cause) {
        if (halting.compareAndSet(false, true)) {
            log.error("Stopping at once to come back from the bookmark: {}", reason, cause);
        }
        Runtime.getRuntime().halt(FailStop.EXIT_CODE);
    }
}

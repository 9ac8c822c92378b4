package io.tally.app;

import io.tally.stream.FailStop;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices threads of the process that end by what nobody has caught, until it is closed. Kafka catches exceptions on its own
 * threads, but not every {@link Error}: what such a thread did stands still, and nothing else would say so.
 */
final class DeadThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DeadThreads.class);

    private final @Nullable UncaughtExceptionHandler before;

    private DeadThreads(@Nullable UncaughtExceptionHandler before) {
        this.before = before;
    }

    /**
     * Begins to notice them.
     *
     * @param failStop ends the process when an {@link Error} has ended a thread
     */
    static DeadThreads watch(FailStop failStop) {
        DeadThreads watch = new DeadThreads(Thread.getDefaultUncaughtExceptionHandler());
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> ended(thread, failure, failStop));
        return watch;
    }

    private static void ended(Thread thread, Throwable failure, FailStop failStop) {
        log.error("Thread {} has ended", thread.getName(), failure);
        if (failure instanceof Error) {
            failStop.stop("thread " + thread.getName() + " ended", failure);
        }
    }

    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}

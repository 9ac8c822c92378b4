package io.tally.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a command that goes on for ever that the process is to end, and lets it say its last words. */
final class ProcessEnd {
    private static final Duration LAST_WORDS = Duration.ofSeconds(20);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile @Nullable Integer exitCode;

    ProcessEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "tally-stop"));
    }

    private void stop() {
        if (released.getCount() == 0) {
            return;
        }
        stopped.countDown();
        try {
            released.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            if (exitCode != null) {
                // Java would end with the signal's number.
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for so long, and says whether the process is to end. */
    boolean awaited(Duration time) throws InterruptedException {
        return stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The process may end, with this code even when a signal ends it. */
    void release(int code) {
        exitCode = code;
        released.countDown();
    }
}

package io.tally.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a thread that works until it is stopped, and tries again after failures, to stop. Thread-safe. */
public final class StopSignal {
    private final CountDownLatch raised = new CountDownLatch(1);

    /** Stops the thread, now or at its next look; for ever. */
    public void raise() {
        raised.countDown();
    }

    /** Whether to stop. */
    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Waits before the next attempt, or until the signal is raised. An interrupt ends the wait and stays pending. */
    public void pause(Duration time) {
        try {
            var unused = raised.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of a thread that was told to stop. An interrupt ends the wait and stays pending. */
    public static void awaitEnd(Thread thread, Duration patience) {
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

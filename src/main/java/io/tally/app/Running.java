package io.tally.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command has started. Closed in reverse order, once: by the command, or by the one shutdown hook when the
 * process is told to end. Thread-safe.
 */
final class Running implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Running.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;

    private Running() {}

    /** Until the process is told to end, or its launcher is no more, as after {@code kill -9} of that. */
    static Running untilSignalled() {
        Running running = new Running();
        Runtime.getRuntime().addShutdownHook(new Thread(running::close, "tally-shutdown"));
        Long launcher = Long.getLong("tally.launcher");
        if (launcher != null) {
            onEndOf(launcher, () -> {
                log.warn("The launcher, process {}, has ended; stopping", launcher);
                System.exit(ExitCode.TERMINATED);
            });
        }
        return running;
    }

    /** Does something, on a thread of its own, within 5 s of the end of a process; at once if there is none. */
    static void onEndOf(long process, Runnable action) {
        CompletableFuture<?> end = ProcessHandle.of(process)
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        var unused = end.thenRunAsync(action, task -> new Thread(task, "tally-launcher-ended").start());
    }

    /** Takes charge of a part. When everything else was closed meanwhile, this is closed at once. */
    synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        if (closing) {
            closeParts();
        }
        return part;
    }

    /** Waits until the process is told to end and everything is closed. */
    void awaitClose() throws InterruptedException {
        closed.await();
    }

    @Override
    public synchronized void close() {
        closing = true;
        closeParts();
        closed.countDown();
    }

    private void closeParts() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                // The others must be closed all the same.
                log.error("{} could not be closed", part.getClass().getSimpleName(), e);
            }
        }
    }
}

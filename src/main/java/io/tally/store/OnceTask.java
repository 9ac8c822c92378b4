package io.tally.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that is done once, by whichever thread comes first; those that come meanwhile wait for it. Thread-safe. */
public final class OnceTask {
    /** Done before anybody comes. */
    public static final OnceTask NOTHING = new OnceTask(() -> {});

    private final FutureTask<Void> work;

    /** @param work may run on any thread */
    public OnceTask(Runnable work) {
        this.work = new FutureTask<>(work, null);
    }

    /**
     * Does the work or waits until another thread has done it; afterwards, returns at once. An interrupt does not end the
     * wait, and is kept.
     *
     * @throws RuntimeException what the work threw, each time
     */
    public void complete() {
        work.run();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The same exception, as a Runnable throws nothing that is checked. */
    private static RuntimeException unchecked(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
    }
}

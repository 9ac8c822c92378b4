package io.tally.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again as long as the server runs, also while it starts, with a pause before each time; never twice at
 * once. What it throws, be it an error, does not end it. Thread-safe.
 */
final class RepeatingTask extends AbstractLifeCycle {
    private static final Logger log = LoggerFactory.getLogger(RepeatingTask.class);

    private final Scheduler scheduler;
    private final Duration pause;
    private final Runnable task;
    private volatile Scheduler.@Nullable Task next;
    private volatile boolean failing;

    /**
     * Does nothing before it is started.
     *
     * @param scheduler runs the task, so that it must be short
     * @param pause from one end to the next begin, at least 1 ms
     */
    RepeatingTask(Scheduler scheduler, Duration pause, Runnable task) {
        this.scheduler = scheduler;
        this.pause = pause;
        this.task = task;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        Scheduler.Task waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void schedule() {
        next = scheduler.schedule(this::run, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            task.run();
            failing = false;
        } catch (RuntimeException | Error e) {
            // Once, as it may last.
            if (!failing) {
                log.error("What the server does every {} ms has failed; it is tried again", pause.toMillis(), e);
            }
            failing = true;
        }
        if (isRunning()) {
            schedule();
        }
    }
}

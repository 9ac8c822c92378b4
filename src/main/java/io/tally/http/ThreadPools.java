package io.tally.http;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Pools of threads that keep no process alive and end when there is nothing to do. */
final class ThreadPools {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private ThreadPools() {}

    /**
     * Makes a pool with a queue that has no end. Once it is stopped, who has a task also runs it.
     *
     * @param name of its threads, before their number
     * @param most how many threads there are
     */
    static ThreadPoolExecutor daemon(String name, int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads(name),
                (task, ignored) -> task.run());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Makes threads that keep no process alive, with numbers behind their name. */
    static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

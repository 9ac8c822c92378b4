package io.tally.store;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that all stores of the process share, until it ends. Thread-safe. */
final class StoreThreads {
    /**
     * What was written is flushed after this delay at the latest, so that a restart after a kill restores little when there was
     * little to decide. At full load memtables fill some fifteen times meanwhile.
     */
    static final Duration FLUSH_AFTER = Duration.ofSeconds(30);

    private final Duration flushAfter;
    /** Reads whole stores, one after the other, while decisions go on. Its thread goes when it has nothing to do. */
    private final ThreadPoolExecutor background = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> thread(work, "tally-store-reader"));
    /** Starts flushes. Its thread stays, so that no write fails for want of one. */
    private final ScheduledThreadPoolExecutor flushing =
            new ScheduledThreadPoolExecutor(1, work -> thread(work, "tally-store-flusher"));

    /** @param flushAfter how long what was written stays in memory alone */
    StoreThreads(Duration flushAfter) {
        this.flushAfter = flushAfter;
        background.allowCoreThreadTimeOut(true);
        flushing.prestartCoreThread();
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs it soon, on a thread of the stores' own. */
    void inBackground(Runnable work) {
        background.execute(work);
    }

    /** Starts a flush soon, on another thread of the stores' own. */
    void flushSoon(Runnable flush) {
        flushing.execute(flush);
    }

    /** Starts a flush when what is written now should reach the disk, on the same thread. */
    void flushWhenDue(Runnable flush) {
        var unused = flushing.schedule(flush, flushAfter.toMillis(), TimeUnit.MILLISECONDS);
    }
}

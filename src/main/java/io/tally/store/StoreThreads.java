package io.tally.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that all stores of the process share, until it ends. Thread-safe. */
final class StoreThreads {
    /** Reads whole stores, one after the other, while decisions go on. Its thread goes when it has nothing to do. */
    private final ThreadPoolExecutor background =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StoreThreads::thread);

    StoreThreads() {
        background.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "tally-store-reader");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs it soon, on a thread of the stores' own. */
    void inBackground(Runnable work) {
        background.execute(work);
    }
}

package io.tally.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pages of topics for operators, a few at a time, each in a thread of its own. Thread-safe; never waits. */
public final class PageReads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PageReads.class);

    /** Each takes some 16 MiB: its page, what it reads ahead, and its client's buffers. */
    private static final int MAX_READS = 2;

    private final String what;
    private final Semaphore free = new Semaphore(MAX_READS);
    private final ExecutorService readers;

    /**
     * Starts nothing yet.
     *
     * @param what is read, in the plural
     */
    public PageReads(String what) {
        this(what, threads("tally-" + what.replace(' ', '-') + "-"));
    }

    PageReads(String what, ThreadFactory threads) {
        this.what = what;
        this.readers = Executors.newCachedThreadPool(threads);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Reads a page. The future never fails.
     *
     * @param read must end within a bounded time, and may fail
     */
    public <T> CompletableFuture<Reply<T>> submit(Supplier<Reply<T>> read) {
        if (!free.tryAcquire()) {
            return CompletableFuture.completedFuture(new Reply.Unavailable<>("Others are reading the " + what));
        }
        CompletableFuture<Reply<T>> reply = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                // Released before the reply goes out: who asks for the next page at once must not be told to wait.
                Reply<T> page = readAndRelease(read);
                reply.complete(page);
            });
        } catch (RejectedExecutionException e) {
            free.release();
            reply.complete(new Reply.Unavailable<>("This instance is stopping"));
        } catch (OutOfMemoryError e) {
            // The system gives no more threads.
            free.release();
            log.warn("The {} could not be read", what, e);
            reply.complete(new Reply.Unavailable<>("This instance has no thread left"));
        }
        return reply;
    }

    private <T> Reply<T> readAndRelease(Supplier<Reply<T>> read) {
        try {
            return read.get();
        } catch (KafkaException e) {
            log.warn("The {} could not be read: {}", what, e.toString());
            return new Reply.Unavailable<>("Kafka does not give the " + what);
        } catch (RuntimeException e) {
            log.error("The {} could not be read", what, e);
            return new Reply.Unavailable<>("The " + what + " cannot be read");
        } finally {
            free.release();
        }
    }

    /** A page that there was no time for. */
    public <T> Reply<T> tooLate() {
        return new Reply.Unavailable<>("Kafka does not give the " + what + " in time");
    }

    /** Begins no more reads; those that run end within their time. */
    @Override
    public void close() {
        readers.shutdown();
    }
}

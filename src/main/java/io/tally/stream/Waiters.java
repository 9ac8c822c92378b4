package io.tally.stream;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The callers of this process who wait for a decision. A caller registers before its record is sent, and hears of it from
 * the commit hook: never of what is not committed. Thread-safe.
 */
public final class Waiters {
    private final long process = ThreadLocalRandom.current().nextLong();
    private final AtomicLong requests = new AtomicLong();
    private final Map<RequestId, CompletableFuture<Verdict>> waiting = new ConcurrentHashMap<>();
    private final Executor executor;

    /**
     * Makes an empty register.
     *
     * @param executor runs what callers do with their verdicts; the stream thread has other work
     */
    public Waiters(Executor executor) {
        this.executor = executor;
    }

    /** A name for a request that nobody else uses. */
    public RequestId nextId() {
        return new RequestId(process, requests.incrementAndGet());
    }

    /** Waits for the verdict on a request. Whoever gives up must {@link #forget} it. */
    public CompletableFuture<Verdict> register(RequestId id) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        waiting.put(id, verdict);
        return verdict;
    }

    /** Waits no longer. */
    public void forget(RequestId id) {
        waiting.remove(id);
    }

    /** Whether the request is one of this process's that still waits. */
    boolean isWaiting(RequestId id) {
        return id.process() == process && waiting.containsKey(id);
    }

    void complete(RequestId id, Verdict verdict) {
        CompletableFuture<Verdict> caller = waiting.remove(id);
        if (caller != null) {
            caller.completeAsync(() -> verdict, executor);
        }
    }

    /** How many wait now. */
    public int count() {
        return waiting.size();
    }
}

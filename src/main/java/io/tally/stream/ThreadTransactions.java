package io.tally.stream;

import io.tally.store.Participant;
import io.tally.store.Transactions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the transaction of the calling stream thread. Thread-safe.
 *
 * <p>A scope is bound to the thread that initialises the producer's transactions. Stores are also opened on the thread that
 * starts the application, which never has a transaction.
 */
final class ThreadTransactions implements Transactions {
    private static final Logger log = LoggerFactory.getLogger(ThreadTransactions.class);
    private static final String PRODUCER = "-producer";
    private static final String CONSUMER = "-consumer";

    private final String inputTopic;
    private final boolean endWithStoreCommit;
    private final Waiters waiters = new Waiters(ForkJoinPool.commonPool());
    /** Seldom more than one for each stream thread; they go when there is little to do. */
    private final ExecutorService storeWriters = Executors.newCachedThreadPool(ThreadTransactions::storeWriter);

    private final Map<String, TxScope> scopeByThreadName = new ConcurrentHashMap<>();
    private final Set<String> ownIds = Collections.synchronizedSet(new HashSet<>());
    private final ThreadLocal<@Nullable TxScope> bound = new ThreadLocal<>();
    private volatile CommitListener listener = CommitListener.NONE;

    ThreadTransactions(String inputTopic) {
        this(inputTopic, false);
    }

    /**
     * Makes the threads' transactions.
     *
     * @param endWithStoreCommit as in the topology test driver, which makes its own producer
     */
    ThreadTransactions(String inputTopic, boolean endWithStoreCommit) {
        this.inputTopic = inputTopic;
        this.endWithStoreCommit = endWithStoreCommit;
    }

    /** The scope that a stream thread's producer and consumer share; Kafka Streams names both after the thread. */
    TxScope scopeOfClient(String clientId) {
        String suffix = clientId.endsWith(PRODUCER) ? PRODUCER : CONSUMER;
        if (!clientId.endsWith(suffix)) {
            throw new IllegalArgumentException(
                    "Expected a client id that ends with " + PRODUCER + " or " + CONSUMER + ", but got " + clientId);
        }
        String threadName = clientId.substring(0, clientId.length() - suffix.length());
        return scopeByThreadName.computeIfAbsent(
                threadName, ignored -> new TxScope(inputTopic, waiters, this::committed, storeWriters));
    }

    /** Waits for a time until the last transactions are in the stores and their callers told. There must be no others. */
    void awaitStores(Duration patience) {
        storeWriters.shutdown();
        try {
            if (!storeWriters.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The stores were not written within {}; the next start restores a little more", patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread storeWriter(Runnable work) {
        Thread thread = new Thread(work, "tally-store-writer");
        thread.setDaemon(true);
        return thread;
    }

    private void committed(int records, long ageNanos, long commitNanos) {
        listener.committed(records, ageNanos, commitNanos);
    }

    /** From now on this one hears of commits, and no other. */
    void onCommit(CommitListener next) {
        listener = next;
    }

    /**
     * The transactional ids under which this process has begun, so far. One is added before its producer ends what a former
     * process left open under it; the set's lock keeps it out.
     */
    Set<String> ownIds() {
        return ownIds;
    }

    /** The callers who wait for what these transactions decide. */
    Waiters waiters() {
        return waiters;
    }

    void bindToThread(TxScope scope) {
        bound.set(scope);
    }

    /**
     * The calling thread's scope.
     *
     * @throws IllegalStateException if it has none
     */
    TxScope current() {
        TxScope scope = bound.get();
        if (scope == null) {
            throw new IllegalStateException("Expected a stream thread with a transactional producer, but this is "
                    + Thread.currentThread().getName());
        }
        return scope;
    }

    @Override
    public boolean endWithStoreCommit() {
        return endWithStoreCommit;
    }

    @Override
    public void enlist(Participant participant) {
        current().enlist(participant);
    }

    @Override
    public void withdraw(Participant participant) {
        TxScope scope = bound.get();
        if (scope != null) {
            scope.withdraw(participant);
        }
    }
}

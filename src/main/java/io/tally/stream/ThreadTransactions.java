package io.tally.stream;

import io.tally.store.Participant;
import io.tally.store.Transactions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transaction of the calling stream thread. Thread-safe.
 *
 * <p>A scope is bound to the thread that initialises the producer's transactions. Stores are also opened on the thread that
 * starts the application, which never has a transaction.
 */
final class ThreadTransactions implements Transactions {
    private static final String PRODUCER = "-producer";
    private static final String CONSUMER = "-consumer";

    private final String inputTopic;
    private final boolean endWithStoreCommit;
    private final Waiters waiters = new Waiters(ForkJoinPool.commonPool());
    private final Map<String, TxScope> scopeByThreadName = new ConcurrentHashMap<>();
    private final Set<String> ownIds = ConcurrentHashMap.newKeySet();
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
                threadName, ignored -> new TxScope(inputTopic, waiters, this::committed));
    }

    private void committed(int records, long ageNanos, long commitNanos) {
        listener.committed(records, ageNanos, commitNanos);
    }

    /** From now on this one hears of commits, and no other. */
    void onCommit(CommitListener next) {
        listener = next;
    }

    /** The transactional ids of this process so far; the set grows. */
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

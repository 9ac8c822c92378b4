package io.tally.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Makes the stores of one process, and finds the one of a partition for its processor and for readers. Thread-safe. */
public final class LedgerStoreSupplier implements KeyValueBytesStoreSupplier {
    private final String name;
    private final String changelogTopic;
    private final LedgerOrigin origin;
    private final StoreResources resources;
    private final Transactions transactions;
    private final Consumer<TopicPartition> onCloseInTransaction;
    private final Map<Integer, LedgerStore> storesByPartition = new ConcurrentHashMap<>();
    private final AtomicLong broken = new AtomicLong();

    /**
     * Makes the supplier.
     *
     * @param onCloseInTransaction told of a changelog partition whose store closes with writes that neither committed nor
     *     were aborted, before Kafka Streams deletes the store for it
     */
    public LedgerStoreSupplier(
            String name,
            String changelogTopic,
            LedgerOrigin origin,
            StoreResources resources,
            Transactions transactions,
            Consumer<TopicPartition> onCloseInTransaction) {
        this.name = name;
        this.changelogTopic = changelogTopic;
        this.origin = origin;
        this.resources = resources;
        this.transactions = transactions;
        this.onCloseInTransaction = onCloseInTransaction;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
        return new LedgerStore(this);
    }

    @Override
    public String metricsScope() {
        return "ledger";
    }

    /**
     * The store that was opened last for the partition.
     *
     * @throws IllegalStateException if none was
     */
    public LedgerStore storeOf(int partition) {
        LedgerStore store = find(partition);
        if (store == null) {
            throw new IllegalStateException("Expected an open store of partition " + partition + ", but there is none");
        }
        return store;
    }

    /** The same, or null if none was opened. */
    public @Nullable LedgerStore find(int partition) {
        return storesByPartition.get(partition);
    }

    /** What all open stores of the process hold together. */
    public StoreFigures figures() {
        int open = 0;
        long entries = 0;
        long bytes = 0;
        for (LedgerStore store : storesByPartition.values()) {
            if (store.isOpen()) {
                open++;
                entries += store.openEntries();
                bytes += store.fileBytes();
            }
        }
        return new StoreFigures(open, entries, bytes, resources.memory().usedBytes(), broken.get());
    }

    /** @param replacesBroken whether the store's files were found broken, so that it begins anew */
    void opened(int partition, LedgerStore store, boolean replacesBroken) {
        storesByPartition.put(partition, store);
        if (replacesBroken) {
            broken.incrementAndGet();
        }
    }

    void closedInTransaction(TopicPartition changelog) {
        onCloseInTransaction.accept(changelog);
    }

    String changelogTopic() {
        return changelogTopic;
    }

    LedgerOrigin origin() {
        return origin;
    }

    StoreResources resources() {
        return resources;
    }

    Transactions transactions() {
        return transactions;
    }
}

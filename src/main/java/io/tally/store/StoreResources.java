package io.tally.store;

/** What all stores of the process share. Like {@link StoreMemory}, it is never closed before the process ends. Thread-safe. */
public final class StoreResources {
    private final StoreMemory memory;
    private final HeapBudget heap;
    private final StoreThreads threads = new StoreThreads();

    /**
     * Makes them for this process and its heap.
     *
     * @param memoryBytes the bound of RocksDB's memory in bytes, at least 16 MiB
     */
    public StoreResources(long memoryBytes) {
        this(new StoreMemory(memoryBytes), new HeapBudget(Runtime.getRuntime().maxMemory()));
    }

    StoreResources(StoreMemory memory, HeapBudget heap) {
        this.memory = memory;
        this.heap = heap;
    }

    /** RocksDB's memory. */
    public StoreMemory memory() {
        return memory;
    }

    HeapBudget heap() {
        return heap;
    }

    StoreThreads threads() {
        return threads;
    }
}

package io.tally.store;

import io.tally.ledger.Command;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import io.tally.wire.JournalRecord;
import io.tally.wire.SettingsCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/** A ledger store on real RocksDB, opened as Kafka Streams opens it, with a transaction that the test ends. */
final class StoreRig implements AutoCloseable {
    static final StoreResources RESOURCES = new StoreResources(64L << 20);
    static final LedgerOrigin ORIGIN = new LedgerOrigin("cluster-a", "topic-1");
    static final TopicPartition CHANGELOG = new TopicPartition("journal", 0);
    private static final KeyValue<byte[], byte[]> JOURNALS_BEGINNING = KeyValue.pair(SettingsCodec.key(), new byte[0]);

    private final Path taskDirectory;
    private final List<TopicPartition> closedInTransaction = new ArrayList<>();
    private final RecordingTransactions transactions = new RecordingTransactions();
    private final LedgerStoreSupplier supplier;
    private final Decider decider = new Decider();
    private RestoringContext context;
    private LedgerStore store;
    private boolean begun;

    StoreRig(Path taskDirectory) {
        this.taskDirectory = taskDirectory;
        this.supplier = new LedgerStoreSupplier(
                "ledger", CHANGELOG.topic(), ORIGIN, RESOURCES, transactions, closedInTransaction::add);
        this.context = new RestoringContext(taskDirectory);
        this.store = (LedgerStore) supplier.get();
        store.init(context, store);
        begun = isFilled();
    }

    /** Waits until the stores' background thread has done what it was given so far. */
    static void awaitBackground() {
        awaitBackground(RESOURCES);
    }

    static void awaitBackground(StoreResources resources) {
        CompletableFuture.runAsync(() -> {}, resources.threads()::inBackground).join();
    }

    /** How much heap filters may still take, in bytes. */
    static long freeForFilters(HeapBudget heap) {
        long free = 0;
        while (heap.reserveFilter(64 << 10)) {
            free += 64 << 10;
        }
        heap.releaseFilter(free);
        return free;
    }

    /** How many heads may still be kept in memory beyond what each partition has. */
    static long freeHeads() {
        long free = 0;
        while (RESOURCES.heap().reserveHead()) {
            free++;
        }
        RESOURCES.heap().releaseHeads(free);
        return free;
    }

    /** Closes the store, which brings everything to the disk, and opens it again. */
    void reopen() {
        store.close();
        context = new RestoringContext(taskDirectory);
        store = (LedgerStore) supplier.get();
        store.init(context, store);
        begun = isFilled();
    }

    private boolean isFilled() {
        Long bookmark = store.committedOffset(CHANGELOG);
        return bookmark != null && bookmark >= 0;
    }

    LedgerStore store() {
        return store;
    }

    /** Serves from now on, as if Kafka Streams had restored everything that the journal has. */
    void serve() {
        begin();
        store.serve();
    }

    /** Restores the journal's beginning, unless the store has it. */
    void begin() {
        if (!begun) {
            begun = true;
            context.restore().restoreAll(List.of(JOURNALS_BEGINNING));
        }
    }

    LedgerStoreSupplier supplier() {
        return supplier;
    }

    RestoringContext context() {
        return context;
    }

    RecordingTransactions transactions() {
        return transactions;
    }

    /** Partitions whose store closed in the middle of a transaction. */
    List<TopicPartition> closedInTransaction() {
        return closedInTransaction;
    }

    Path databaseDirectory() {
        return taskDirectory.resolve(LedgerStore.DIRECTORY);
    }

    /** Decides commands and puts their entries. */
    List<JournalEntry> put(Command... commands) {
        return Arrays.stream(commands)
                .map(command -> {
                    JournalEntry entry = decider.decide(command, store.view());
                    put(entry);
                    return entry;
                })
                .toList();
    }

    void put(JournalEntry entry) {
        store.put(Bytes.wrap(JournalCodec.key(entry)), JournalCodec.value(entry));
    }

    /** One whole transaction, whose last record has the offset. */
    List<JournalEntry> transact(long lastOffset, Command... commands) {
        transactions.begin();
        List<JournalEntry> entries = put(commands);
        transactions.commit(commands.length, lastOffset);
        return entries;
    }

    /** Restores entries from one record, or a batch without records. */
    void restore(JournalEntry... entries) {
        if (entries.length == 0) {
            restoreRecords(List.of());
            return;
        }
        restoreRecords(List.of(journalRecord(List.of(entries))));
    }

    static KeyValue<byte[], byte[]> journalRecord(List<JournalEntry> entries) {
        JournalEntry first = entries.get(0);
        JournalRecord content = new JournalRecord(JournalCodec.key(first), JournalCodec.value(first));
        entries.stream().skip(1).forEach(entry -> content.add(JournalCodec.key(entry), JournalCodec.value(entry)));
        return KeyValue.pair(content.key(), content.value());
    }

    void restoreRecords(List<KeyValue<byte[], byte[]>> records) {
        begin();
        context.restore().restoreAll(records);
    }

    /** As version 1 of the journal has it. */
    static KeyValue<byte[], byte[]> bareEntry(JournalEntry entry) {
        return KeyValue.pair(JournalCodec.key(entry), JournalCodec.value(entry));
    }

    <R> Reading<R> ask(Function<LedgerReader, @Nullable R> reading) {
        return ask(0, reading);
    }

    <R> Reading<R> ask(long minInputOffset, Function<LedgerReader, @Nullable R> reading) {
        return store.ask(new LedgerQuery<>(minInputOffset, reading));
    }

    @Override
    public void close() {
        store.close();
    }
}

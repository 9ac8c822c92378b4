package io.tally.store;

import io.tally.ledger.JournalEntry;
import io.tally.ledger.LedgerView;
import io.tally.wire.JournalCodec;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal store of one task, as Kafka Streams sees it: a key-value store of journal entries with a changelog.
 *
 * <p><b>A put</b> goes to the overlay. When the transaction has committed, what {@link #committed} returns brings the overlay
 * and the bookmark to the database, on any thread; when it was aborted, {@link #aborted} drops the overlay. Nothing else brings
 * live entries to the database.
 *
 * <p><b>The bookmark</b> makes this a store that manages its offsets, so an unclean stop neither wipes it nor costs a
 * restore: only the changelog behind the bookmark is replayed. Kafka Streams also calls {@link #commit} with offsets of
 * records that may never commit (after a commit time-out, on shutdown). So its offsets count only while it restores, that
 * is, when the last thing that changed the store was a restored batch.
 *
 * <p><b>Readers</b> are answered from the database only, and only while the task is active and restored: between
 * {@link #serve} and {@link #stopServing}. Thread-safe for them; everything else is for the owning thread.
 */
public final class LedgerStore extends AppendOnlyStore implements Participant {
    private static final Logger log = LoggerFactory.getLogger(LedgerStore.class);
    static final String DIRECTORY = "ledger";

    private final LedgerStoreSupplier supplier;
    private @Nullable TopicPartition changelog;
    private @Nullable LedgerDb db;
    private @Nullable Overlay overlay;
    private volatile @Nullable JournalRestore restore;
    private boolean lastChangeWasRestored;
    private @Nullable Announced announced;
    private volatile boolean serving;
    private volatile long committedInput;

    LedgerStore(LedgerStoreSupplier supplier) {
        this.supplier = supplier;
    }

    @Override
    public String name() {
        return supplier.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        TopicPartition partition =
                new TopicPartition(supplier.changelogTopic(), context.taskId().partition());
        StoreDirectory directory =
                new StoreDirectory(context.stateDir().toPath().resolve(DIRECTORY));
        LedgerDb opened = directory.open(supplier.origin(), supplier.resources());
        changelog = partition;
        db = opened;
        Overlay empty = new Overlay(opened);
        overlay = empty;
        lastChangeWasRestored = false;
        JournalRestore restoring = new JournalRestore(partition, opened, empty, () -> lastChangeWasRestored = true);
        restore = restoring;
        context.register(root, restoring);
        supplier.opened(partition.partition(), this, opened.replacesBroken());
        log.info("Opened the store of partition {} at changelog offset {}", partition.partition(), opened.bookmark());
    }

    // ---- the owning thread: live entries

    /** Everything decided so far, the open transaction included. For decisions only. */
    public LedgerView view() {
        return overlay();
    }

    /** Takes part in the thread's transaction although nothing was put: its input offset moves. */
    public void enlist() {
        supplier.transactions().enlist(this);
    }

    private record Announced(JournalEntry entry, byte[] key, byte[] value) {
        boolean isFor(byte[] otherKey, byte[] otherValue) {
            return value == otherValue && Arrays.equals(key, otherKey);
        }
    }

    /**
     * Says what the next put means, whose bytes come through Kafka Streams' layers and would have to be decoded again.
     *
     * @param key the key that is put; with another one, the put is decoded
     * @param value the very array that is put; with another one, the put is decoded
     */
    public void announce(JournalEntry entry, byte[] key, byte[] value) {
        announced = new Announced(entry, key, value);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        if (value == null) {
            throw new IllegalArgumentException("Expected a journal entry, but got a deletion: the journal only grows");
        }
        supplier.transactions().enlist(this);
        lastChangeWasRestored = false;
        Announced expected = announced;
        announced = null;
        JournalEntry entry = expected != null && expected.isFor(key.get(), value)
                ? expected.entry()
                : JournalCodec.decode(key.get(), value);
        if (!overlay().apply(entry, value)) {
            throw new LedgerStoreException("Expected the next entry of its account, but "
                    + entry.command().userId() + " already has entry " + entry.sequence());
        }
    }

    @Override
    public OnceTask committed(Acknowledged acknowledged) {
        int waiting = overlay().size();
        if (waiting != acknowledged.entries()) {
            throw new LedgerStoreException("Expected the brokers to have acknowledged " + waiting
                    + " journal entries of partition " + changelog().partition() + ", but they did "
                    + acknowledged.entries());
        }
        if (waiting == 0) {
            return OnceTask.NOTHING;
        }
        overlay().settle();
        Long bookmark = db().bookmark();
        long before = bookmark == null ? LedgerDb.NO_OFFSET : bookmark;
        if (acknowledged.first() >= 0 && acknowledged.first() <= before) {
            // What the store has of the journal that was there is nowhere else.
            db().markAheadOfJournal();
            throw new LedgerStoreException("Expected the journal of partition "
                    + changelog().partition()
                    + " to grow beyond offset " + before + ", but the brokers took a record at " + acknowledged.first()
                    + ": it was cut, or made again");
        }
        // Behind what is written when the brokers have told no offset; a replay of it is skipped.
        return overlay().handOver(Math.max(before, acknowledged.last()));
    }

    @Override
    public void aborted() {
        overlay().clear();
    }

    @Override
    public synchronized void inputCommitted(long offset) {
        // Two threads may tell of offsets, and the older one later.
        committedInput = Math.max(committedInput, offset);
    }

    @Override
    public TopicPartition changelog() {
        if (changelog == null) {
            throw new IllegalStateException("Expected an initialised store, but it was not");
        }
        return changelog;
    }

    // ---- the bookmark

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        if (supplier.transactions().endWithStoreCommit()) {
            commitFromTestDriver(changelogOffsets);
            return;
        }
        Long offset = changelogOffsets.get(changelog());
        if (offset == null) {
            overlay().settle();
            db().clearBookmark();
        } else if (lastChangeWasRestored) {
            moveBookmark(offset);
        }
    }

    private void moveBookmark(long offset) {
        Long bookmark = db().bookmark();
        if (bookmark == null || offset > bookmark) {
            try (WriteBatch nothing = new WriteBatch()) {
                db().write(nothing, offset);
            }
        }
    }

    private void commitFromTestDriver(Map<TopicPartition, Long> changelogOffsets) {
        Long offset = changelogOffsets.get(changelog());
        long last = offset == null ? -1 : offset;
        committed(new Acknowledged(overlay().size(), last, last)).complete();
    }

    @Override
    @SuppressWarnings(
            "deprecation") // Without it, Streams keeps offsets in a checkpoint file that an unclean stop voids.
    public boolean managesOffsets() {
        return true;
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        if (!partition.equals(changelog)) {
            return null;
        }
        overlay().settle();
        return db().bookmark();
    }

    // ---- readers

    /**
     * From now on queries are answered: the task is active and restored.
     *
     * @throws LedgerStoreException if it was restored from a journal without a beginning
     */
    public void serve() {
        // The test driver has no journal to restore from.
        if (restore != null && !supplier.transactions().endWithStoreCommit()) {
            restore.requireBegun();
        }
        if (overlay != null) {
            // Its position may be that of a transaction which is on its way.
            overlay.settle();
            overlay.beginDeciding();
        }
        serving = true;
    }

    /** From now on queries are refused. For the owning thread. */
    public void stopServing() {
        serving = false;
        if (overlay != null) {
            overlay.endDeciding();
        }
    }

    /** Asks the committed state. Any thread may ask; none waits. */
    public <R> Reading<R> ask(LedgerQuery<R> query) {
        // In this order: whoever made it serve has set the database before.
        LedgerDb database = serving ? db : null;
        if (database == null) {
            return new Reading.Refused<>("The partition is not active here, or not restored");
        }
        if (committedInput < query.minInputOffset()) {
            return new Reading.Refused<>("The partition's committed state has not passed the position yet");
        }
        Reading<R> answer =
                database.read(reader -> new Reading.Answered<>(query.reading().apply(reader)));
        return answer == null || !serving ? new Reading.Refused<>("The partition is moving away") : answer;
    }

    /**
     * How far the committed state has got: the offset of the next input record that is not in it; null when questions are
     * refused. Any thread may ask.
     */
    public @Nullable Long committedInput() {
        return serving ? committedInput : null;
    }

    @Override
    public Position getPosition() {
        // Streams asks after each put to annotate changelog records; ours wait for input offsets instead.
        return Position.emptyPosition();
    }

    // ---- figures

    /** Any thread may ask; what another than the owning one sees may be a moment old. */
    @Override
    public int openEntries() {
        Overlay current = overlay;
        return current == null ? 0 : current.size();
    }

    /** How many journal entries it was given to restore since it was opened. Any thread may ask. */
    public long restoredEntries() {
        JournalRestore current = restore;
        return current == null ? 0 : current.entries();
    }

    /** The size of its files, in bytes; 0 when it is not open. Any thread may ask. */
    long fileBytes() {
        LedgerDb database = db;
        return database == null ? 0 : database.fileBytes();
    }

    // ---- the end

    @Override
    public void close() {
        LedgerDb database = db;
        if (database == null || !database.isOpen()) {
            return;
        }
        stopServing();
        if (overlay().size() > 0) {
            supplier.closedInTransaction(changelog());
        }
        supplier.transactions().withdraw(this);
        try {
            overlay().clear();
        } finally {
            overlay().close();
            database.close();
        }
    }

    @Override
    public boolean isOpen() {
        LedgerDb database = db;
        return database != null && database.isOpen();
    }

    @Override
    public boolean persistent() {
        return true;
    }

    private LedgerDb db() {
        if (db == null) {
            throw new IllegalStateException("Expected an initialised store, but it was not");
        }
        return db;
    }

    private Overlay overlay() {
        if (overlay == null) {
            throw new IllegalStateException("Expected an initialised store, but it was not");
        }
        return overlay;
    }
}

package io.tally.store;

import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import io.tally.wire.JournalRecord;
import io.tally.wire.SettingsCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;

/**
 * Brings what the journal has and the database has not to the database, batch by batch. For the thread that owns the store at the
 * time: the one that restores it.
 *
 * <p>Rule: an empty database is filled from the journal's beginning, which is the record with the ledger's settings. Kafka Streams
 * takes it for restored also when that record was deleted, and everything else with it: the ledger would go on from nothing
 * and decide every uid again (ADR 37).
 */
final class JournalRestore implements BatchingStateRestoreCallback {
    private record Restored(JournalEntry entry, byte[] value) {
        static Restored of(byte[] key, byte[] value) {
            return new Restored(JournalCodec.decode(key, value), value);
        }
    }

    /**
     * So many entries, and what else their last record has, are brought to the database at once; a batch can have tens of
     * thousands. Their heads are looked up together, so they must fit what a store keeps that does not decide.
     */
    private static final int AT_ONCE = HeadCache.MIN_ACCOUNTS * 3 / 4;

    private final TopicPartition changelog;
    private final LedgerDb db;
    private final Overlay overlay;
    private final Runnable onRestored;
    private final AtomicLong entries = new AtomicLong();
    private volatile boolean begun;

    /**
     * Restores nothing yet.
     *
     * @param overlay above the database; without an open transaction whenever a batch comes
     * @param onRestored told before each batch changes the overlay or the database
     */
    JournalRestore(TopicPartition changelog, LedgerDb db, Overlay overlay, Runnable onRestored) {
        this.changelog = changelog;
        this.db = db;
        this.overlay = overlay;
        this.onRestored = onRestored;
        Long bookmark = db.bookmark();
        this.begun = bookmark != null && bookmark >= 0;
    }

    /**
     * Any thread may ask.
     *
     * @throws LedgerStoreException if the database lacks the journal's beginning
     */
    void requireBegun() {
        if (!begun) {
            throw new LedgerStoreException(
                    "Expected " + changelog + " to begin with the ledger's settings, but its first"
                            + " records were deleted while the ledger ran. Bring the topic back from a backup.");
        }
    }

    /** How many entries it was given so far, those that the database had among them. Any thread may ask. */
    long entries() {
        return entries.get();
    }

    @Override
    public void restoreAll(Collection<KeyValue<byte[], byte[]>> records) {
        if (overlay.size() > 0) {
            throw new LedgerStoreException("Expected no open transaction when the store of partition "
                    + changelog.partition() + " is restored, but it has " + overlay.size() + " entries");
        }
        // Of the time when the task was active, if it was.
        overlay.settle();
        onRestored.run();
        boolean written = false;
        try {
            write(records);
            written = true;
        } finally {
            if (!written) {
                // What was taken before it failed is no transaction.
                overlay.clear();
            }
        }
    }

    private void write(Collection<KeyValue<byte[], byte[]>> records) {
        List<Restored> waiting = new ArrayList<>();
        for (KeyValue<byte[], byte[]> journalRecord : records) {
            if (SettingsCodec.isKey(journalRecord.key)) {
                begun = true;
            } else {
                requireBegun();
                JournalRecord.read(
                        journalRecord.key, journalRecord.value, (key, value) -> waiting.add(Restored.of(key, value)));
            }
            if (waiting.size() >= AT_ONCE) {
                bringToDatabase(waiting);
                waiting.clear();
            }
        }
        bringToDatabase(waiting);
    }

    private void bringToDatabase(List<Restored> restored) {
        overlay.expect(
                restored.stream().map(next -> next.entry().command().account()).toList());
        restored.forEach(next -> overlay.apply(next.entry(), next.value()));
        entries.addAndGet(restored.size());
        Long bookmark = db.bookmark();
        // The bookmark follows when Streams says where the batch ended; until then a replay is skipped by sequence.
        overlay.writeTo(bookmark == null ? LedgerDb.NO_OFFSET : bookmark);
    }
}

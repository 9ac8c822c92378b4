package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Entries that go to the database together, with what every index takes of them. One thread fills it; then it does not change
 * until it is cleared, and another may write it.
 */
final class EntryBatch {
    private record Identity(String userId, UUID uid) {}

    private record Day(Account account, long day) {}

    private final Map<Identity, JournalEntry> entries = new HashMap<>();
    private final Map<Account, IndexedHead> heads = new HashMap<>();
    private final Map<Day, Long> lateDays = new HashMap<>();
    private final Map<String, UUID> opened = new HashMap<>();
    private final Writes entryWrites = new Writes();
    private final Writes timelineWrites = new Writes();

    int size() {
        return entries.size();
    }

    @Nullable
    JournalEntry entry(String userId, UUID uid) {
        return entries.get(new Identity(userId, uid));
    }

    @Nullable
    IndexedHead head(Account account) {
        return heads.get(account);
    }

    /** The sum of a day's late entries, those in the database included. */
    @Nullable
    Long lateDay(Account account, long day) {
        return lateDays.get(new Day(account, day));
    }

    boolean opened(String userId) {
        return opened.containsKey(userId);
    }

    void addEntry(JournalEntry entry, byte[] journalValue) {
        UUID uid = entry.command().uid();
        String userId = entry.command().userId();
        entries.put(new Identity(userId, uid), entry);
        entryWrites.add(StoreKeys.entry(uid, userId), StoreValues.entry(entry, journalValue));
    }

    void addToTimeline(byte[] key, byte[] value) {
        timelineWrites.add(key, value);
    }

    void putHead(Account account, IndexedHead head) {
        heads.put(account, head);
    }

    void putLateDay(Account account, long day, long sum) {
        lateDays.put(new Day(account, day), sum);
    }

    void putOpened(String userId, UUID uid) {
        opened.put(userId, uid);
    }

    /** Says that the database will have these uids. */
    void announceTo(KnownUids uids) {
        entries.keySet().forEach(identity -> uids.add(identity.uid()));
    }

    /** Says what accounts are like in the database. */
    void copyHeadsTo(HeadCache cache) {
        cache.putAll(heads);
    }

    /** Brings everything to the database, together with the changelog offset that it is then at. */
    void writeTo(LedgerDb target, long bookmark) {
        Writes headWrites = new Writes();
        heads.forEach((account, head) -> headWrites.add(StoreKeys.head(account), StoreValues.head(head)));
        Writes dayWrites = new Writes();
        lateDays.forEach(
                (day, sum) -> dayWrites.add(StoreKeys.lateDay(day.account(), day.day()), StoreValues.number(sum)));
        Writes openingWrites = new Writes();
        opened.forEach((userId, uid) -> openingWrites.add(StoreKeys.opened(userId), StoreValues.timeline(uid, 0)));
        try (WriteBatch batch = new WriteBatch()) {
            for (Writes writes : List.of(entryWrites, timelineWrites, headWrites, dayWrites, openingWrites)) {
                writes.putTo(batch::put);
            }
            target.write(batch, bookmark);
        } catch (RocksDBException e) {
            throw new LedgerStoreException("Expected to fill a batch, but " + e.getMessage(), e);
        }
    }

    void clear() {
        entries.clear();
        heads.clear();
        lateDays.clear();
        opened.clear();
        entryWrites.clear();
        timelineWrites.clear();
    }
}

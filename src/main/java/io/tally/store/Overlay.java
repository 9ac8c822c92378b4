package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.LedgerView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Entries that are not in the database yet, on top of those that are, with every index that follows from them. The one way
 * in for live and for restored entries alike. Not thread-safe: it belongs to the thread that owns the database.
 *
 * <p><b>The time index.</b> An entry whose effective time is not before any earlier entry's is in order. As its balance
 * already sums up everything before it, the balance at a date is that of the last entry in order up to the date. Late
 * entries are kept apart. Let {@code E} be the last entry in order up to the date. Its balance contains the late entries
 * that were decided before it, all of them effective before it; their sum stands beside {@code E}. So
 * {@code balance at date = balance(E) - lateSum(E) + sum of all late entries effective up to the date}, exactly, whatever
 * order the commands came in. Late sums are kept per day, so the last term is short as well.
 */
final class Overlay implements LedgerView {
    private record Identity(String userId, UUID uid) {}

    private record Day(Account account, long day) {}

    private final LedgerDb db;
    private final Map<Identity, JournalEntry> entries = new HashMap<>();
    private final Map<Account, IndexedHead> heads = new HashMap<>();
    private final Map<Day, Long> lateDays = new HashMap<>();
    private final Map<String, UUID> opened = new HashMap<>();
    private final Writes entryWrites = new Writes();
    private final Writes timelineWrites = new Writes();

    Overlay(LedgerDb db) {
        this.db = db;
    }

    @Override
    public @Nullable JournalEntry entry(String userId, UUID uid) {
        JournalEntry pending = entries.get(new Identity(userId, uid));
        if (pending != null) {
            return pending;
        }
        byte[] stored = db.uids().mayHave(uid) ? db.getIfAny(StoreKeys.entry(uid, userId)) : null;
        return stored == null ? null : StoreValues.entry(uid, userId, stored);
    }

    @Override
    public AccountHead head(Account account) {
        return indexedHead(account).head();
    }

    @Override
    public boolean opened(String userId) {
        return opened.containsKey(userId) || db.get(StoreKeys.opened(userId)) != null;
    }

    /** How many entries are waiting. */
    int size() {
        return entries.size();
    }

    /**
     * Takes the account's next entry. An entry that the account already has is skipped: after a kill the changelog may
     * be replayed from before it.
     *
     * @param journalValue the entry as the journal has it
     * @return whether it was taken
     * @throws LedgerStoreException if entries of the account are missing before this one
     */
    boolean apply(JournalEntry entry, byte[] journalValue) {
        Account account = entry.command().account();
        IndexedHead before = indexedHead(account);
        if (entry.sequence() <= before.head().sequence()) {
            return false;
        }
        if (entry.sequence() != before.head().sequence() + 1) {
            throw new LedgerStoreException("Expected entry " + (before.head().sequence() + 1) + " of account "
                    + account.userId() + "/" + account.currency() + ", but got " + entry.sequence());
        }
        addEntry(entry, journalValue);
        boolean late = entry.command().effectiveAt() < before.latestEffectiveAt();
        heads.put(account, late ? addLate(entry, before) : addInOrder(entry, before));
        return true;
    }

    private void addEntry(JournalEntry entry, byte[] journalValue) {
        UUID uid = entry.command().uid();
        String userId = entry.command().userId();
        entries.put(new Identity(userId, uid), entry);
        entryWrites.add(StoreKeys.entry(uid, userId), StoreValues.entry(entry, journalValue));
        if (entry.accepted() && entry.command().type() == CommandType.OPEN) {
            opened.put(userId, uid);
        }
    }

    private IndexedHead addInOrder(JournalEntry entry, IndexedHead before) {
        addToTimeline(StoreKeys.IN_ORDER, entry, before.lateSum());
        return new IndexedHead(before.head().after(entry), entry.command().effectiveAt(), before.lateSum());
    }

    private IndexedHead addLate(JournalEntry entry, IndexedHead before) {
        addToTimeline(StoreKeys.LATE, entry, entry.delta());
        if (entry.delta() != 0) {
            Account account = entry.command().account();
            long day = StoreKeys.day(entry.command().effectiveAt());
            lateDays.compute(
                    new Day(account, day),
                    (ignored, pending) -> (pending == null ? storedLateDay(account, day) : pending) + entry.delta());
        }
        return new IndexedHead(
                before.head().after(entry), before.latestEffectiveAt(), before.lateSum() + entry.delta());
    }

    private void addToTimeline(byte index, JournalEntry entry, long sum) {
        TimelinePosition position = new TimelinePosition(entry.command().effectiveAt(), entry.sequence());
        timelineWrites.add(
                StoreKeys.timeline(index, entry.command().account(), position),
                StoreValues.timeline(entry.command().uid(), sum));
    }

    private IndexedHead indexedHead(Account account) {
        IndexedHead pending = heads.get(account);
        if (pending != null) {
            return pending;
        }
        IndexedHead known = db.heads().get(account);
        if (known != null) {
            return known;
        }
        byte[] stored = db.get(StoreKeys.head(account));
        IndexedHead head = stored == null ? IndexedHead.EMPTY : StoreValues.head(stored);
        db.heads().put(account, head);
        return head;
    }

    private long storedLateDay(Account account, long day) {
        byte[] stored = db.get(StoreKeys.lateDay(account, day));
        return stored == null ? 0 : StoreValues.number(stored);
    }

    /** Brings everything to the database, together with the changelog offset that it is then at, and forgets it here. */
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
            // Before they are there: one too many is looked for in vain, one too few would be decided twice.
            entries.keySet().forEach(identity -> target.uids().add(identity.uid()));
            target.write(batch, bookmark);
            target.heads().putAll(heads);
        } catch (RocksDBException e) {
            throw new LedgerStoreException("Expected to fill a batch, but " + e.getMessage(), e);
        }
        clear();
    }

    /** Forgets everything that was not written. */
    void clear() {
        entries.clear();
        heads.clear();
        lateDays.clear();
        opened.clear();
        entryWrites.clear();
        timelineWrites.clear();
    }
}

package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.LedgerView;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are not in the database yet, on top of those that are, with every index that follows from them. The one way
 * in for live and for restored entries alike. Not thread-safe: it belongs to the thread that owns the database.
 *
 * <p><b>Two batches.</b> Entries come to the open one. When they are true, it is {@linkplain #handOver handed over}, and any
 * thread may write it while the next one fills. Until it is {@linkplain #settle settled}, which is for the owning thread, what
 * it holds is found in it and not in the database, so nothing is read while it is half written. What is dropped is only ever
 * the open one.
 *
 * <p><b>Heads in memory.</b> Of each account that it has, {@link HeadCache} has the newest head, that of the open batch
 * included, and it has every head that is not in the database yet. What is dropped takes the heads of its accounts along.
 *
 * <p><b>The time index.</b> An entry whose effective time is not before any earlier entry's is in order. As its balance
 * already sums up everything before it, the balance at a date is that of the last entry in order up to the date. Late
 * entries are kept apart. Let {@code E} be the last entry in order up to the date. Its balance contains the late entries
 * that were decided before it, all of them effective before it; their sum stands beside {@code E}. So
 * {@code balance at date = balance(E) - lateSum(E) + sum of all late entries effective up to the date}, exactly, whatever
 * order the commands came in. Late sums are kept per day and per 64 days, so the last term is short as well.
 */
final class Overlay implements LedgerView {
    private final LedgerDb db;
    private final HeadCache heads;
    private volatile EntryBatch open = new EntryBatch();
    private EntryBatch handedOver = new EntryBatch();
    private OnceTask write = OnceTask.NOTHING;
    /** The open batch's number; the other's is one less. */
    private long openNumber = 1;

    Overlay(LedgerDb db) {
        this.db = db;
        this.heads = new HeadCache(db.heap());
    }

    @Override
    public @Nullable JournalEntry entry(String userId, UUID uid) {
        if (!db.uids().isNoting()) {
            noteUids();
        }
        if (!db.uids().mayHave(uid)) {
            return null;
        }
        JournalEntry pending = open.entry(userId, uid);
        if (pending == null) {
            pending = handedOver.entry(userId, uid);
        }
        if (pending != null) {
            return pending;
        }
        byte[] place = db.getIfAny(StoreKeys.uid(uid, userId));
        return place == null ? null : db.entryAt(userId, place);
    }

    private void noteUids() {
        // What is on its way then would neither be noted nor be read from the database.
        settle();
        db.uids().startNoting();
        open.forEachUid(db.uids()::add);
    }

    @Override
    public AccountHead head(Account account) {
        return cachedHead(account).head();
    }

    @Override
    public boolean opened(String userId) {
        return open.opened(userId) || handedOver.opened(userId) || db.get(StoreKeys.opened(userId)) != null;
    }

    /** How many entries are in the open batch. */
    int size() {
        return open.size();
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
        CachedHead head = cachedHead(entry.command().account());
        if (entry.sequence() <= head.sequence()) {
            return false;
        }
        if (entry.sequence() != head.sequence() + 1) {
            throw new LedgerStoreException("Expected entry " + (head.sequence() + 1) + " of account "
                    + head.account().userId() + "/" + head.account().currency() + ", but got " + entry.sequence());
        }
        db.uids().add(entry.command().uid());
        if (head.batch() != openNumber) {
            open.addMoved(head);
            head.batch(openNumber);
        }
        if (entry.command().effectiveAt() < head.latestEffectiveAt()) {
            addLate(entry, head, journalValue);
        } else {
            addInOrder(entry, head, journalValue);
        }
        return true;
    }

    private void addInOrder(JournalEntry entry, CachedHead head, byte[] journalValue) {
        open.addEntry(entry, StoreKeys.IN_ORDER, head.lateSum(), journalValue);
        head.follow(entry, entry.command().effectiveAt(), head.lateSum());
    }

    private void addLate(JournalEntry entry, CachedHead head, byte[] journalValue) {
        open.addEntry(entry, StoreKeys.LATE, entry.delta(), journalValue);
        if (entry.delta() != 0) {
            addToSum(LateSpan.day(head.account(), entry.command().effectiveAt()), entry.delta());
            addToSum(LateSpan.period(head.account(), entry.command().effectiveAt()), entry.delta());
        }
        head.follow(entry, head.latestEffectiveAt(), head.lateSum() + entry.delta());
    }

    private CachedHead cachedHead(Account account) {
        CachedHead known = heads.get(account);
        if (known != null) {
            return known;
        }
        byte[] stored = db.get(StoreKeys.head(account));
        CachedHead head = new CachedHead(account, stored == null ? IndexedHead.EMPTY : StoreValues.head(stored));
        heads.add(head);
        return head;
    }

    /** Whether finding the account's head takes no look into the database. */
    boolean remembers(Account account) {
        return heads.get(account) != null;
    }

    /**
     * Looks the heads of many accounts up at once, so that applying their entries need not look for each: after a start none
     * of them is in memory.
     */
    void expect(Collection<Account> accounts) {
        List<Account> unknown = accounts.stream()
                .distinct()
                .filter(account -> !remembers(account))
                .toList();
        List<byte[]> stored = db.getAll(unknown.stream().map(StoreKeys::head).toList());
        for (int i = 0; i < unknown.size(); i++) {
            byte[] head = stored.get(i);
            // What cannot be read is left out there without a reason; the single look says which it is.
            if (head != null) {
                heads.add(new CachedHead(unknown.get(i), StoreValues.head(head)));
            }
        }
    }

    private void addToSum(LateSpan span, long delta) {
        open.putLateSum(span, lateSum(span) + delta);
    }

    private long lateSum(LateSpan span) {
        Long pending = open.lateSum(span);
        if (pending == null) {
            pending = handedOver.lateSum(span);
        }
        if (pending != null) {
            return pending;
        }
        byte[] stored = db.get(StoreKeys.lateSpan(span));
        return stored == null ? 0 : StoreValues.number(stored);
    }

    /**
     * Closes the open batch, whose entries are true from now on, and begins the next. Waits until the one before is in the
     * database.
     *
     * @param bookmark the changelog offset that the database is at with it
     * @return what brings it to the database
     */
    OnceTask handOver(long bookmark) {
        settle();
        EntryBatch closed = open;
        closed.takeHeads();
        OnceTask next = new OnceTask(() -> closed.writeTo(db, bookmark));
        open = handedOver;
        handedOver = closed;
        openNumber++;
        write = next;
        return next;
    }

    /** Waits until everything that was handed over is in the database. */
    void settle() {
        write.complete();
        write = OnceTask.NOTHING;
        handedOver.clear();
        heads.settled(openNumber - 1);
    }

    /** Brings everything to the database, together with the changelog offset that it is then at, and forgets it here. */
    void writeTo(long bookmark) {
        handOver(bookmark);
        settle();
    }

    /** Forgets everything that was not handed over, and waits until what was handed over is in the database. */
    void clear() {
        // Their heads before these entries are nowhere else.
        settle();
        open.moved().forEach(head -> heads.remove(head.account()));
        open.clear();
    }

    /** From now on it decides: it may keep as many heads in memory as there is room for. */
    void beginDeciding() {
        heads.grow();
    }

    /** It only follows from now on, if at all. */
    void endDeciding() {
        heads.shrink();
    }

    /** Gives the memory back. */
    void close() {
        heads.close();
    }
}

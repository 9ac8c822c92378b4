package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The questions that one committed state answers. Valid inside {@link LedgerDb#read} only; everything that it returns is a
 * copy.
 */
public final class LedgerReader {
    private final RocksDB rocks;
    private final ReadOptions options;

    LedgerReader(RocksDB rocks, ReadOptions options) {
        this.rocks = rocks;
        this.options = options;
    }

    /** The entry of this user and uid, or null. */
    public @Nullable JournalEntry entry(String userId, UUID uid) {
        byte[] place = get(StoreKeys.uid(uid, userId));
        return place == null ? null : entryAt(userId, place);
    }

    private JournalEntry entryAt(String userId, byte[] place) {
        return StoreValues.entryAt(userId, place, get(StoreKeys.entryAt(userId, place)));
    }

    /**
     * The entries of this uid, of whatever users.
     *
     * @param limit how many at most
     */
    public List<JournalEntry> entries(UUID uid, int limit) {
        List<JournalEntry> found = new ArrayList<>();
        byte[] prefix = StoreKeys.uidOfAnyUser(uid);
        try (RocksIterator rows = rocks.newIterator(options)) {
            for (rows.seek(prefix); found.size() < limit && within(rows, prefix); rows.next()) {
                found.add(entryAt(StoreKeys.userOfUid(rows.key()), rows.value()));
            }
            checkStatus(rows);
        }
        return found;
    }

    /**
     * Adds the uids of all entries.
     *
     * @param goOn whether it is still wanted
     * @return whether all were added
     */
    boolean addUids(UidFilter filter, BooleanSupplier goOn) {
        byte[] prefix = {StoreKeys.UID};
        // Every block is read once: the cache belongs to those who come back.
        try (ReadOptions once = new ReadOptions(options).setFillCache(false);
                RocksIterator rows = rocks.newIterator(once)) {
            boolean wanted = true;
            for (rows.seek(prefix); wanted && within(rows, prefix); rows.next()) {
                filter.add(UidFilter.hash(StoreKeys.uidOf(rows.key())));
                wanted = goOn.getAsBoolean();
            }
            checkStatus(rows);
            return wanted;
        }
    }

    /** The account's head, {@link AccountHead#EMPTY} when it was never touched. */
    public AccountHead head(Account account) {
        return indexedHead(account).head();
    }

    /** The user's opening and accounts, or null for a user that is not known: neither opened nor ever deposited to. */
    public @Nullable UserState user(String userId) {
        Map<String, AccountHead> heads = new HashMap<>();
        byte[] prefix = StoreKeys.headsOf(userId);
        try (RocksIterator rows = rocks.newIterator(options)) {
            for (rows.seek(prefix); within(rows, prefix); rows.next()) {
                heads.put(
                        StoreKeys.currencyOfHead(rows.key()),
                        StoreValues.head(rows.value()).head());
            }
            checkStatus(rows);
        }
        byte[] opening = get(StoreKeys.opened(userId));
        boolean known = opening != null || heads.values().stream().anyMatch(AccountHead::funded);
        return known ? new UserState(userId, opening == null ? null : entryAt(userId, opening), heads) : null;
    }

    /**
     * The account's balance at a time: the sum over the accepted entries effective at or before it. Negative when a
     * withdrawal was dated before the deposit that covered it.
     *
     * @param at milliseconds since 1970 UTC, any
     * @return minor units
     */
    public long balanceAt(Account account, long at) {
        if (at < 0) {
            // No entry is effective before 1970, and keys hold no negative times.
            return 0;
        }
        byte[] prefix = StoreKeys.timeline(StoreKeys.IN_ORDER, account);
        // One for all: to make one takes as long as to read a hundred rows.
        try (RocksIterator rows = rocks.newIterator(options)) {
            long lateSum = lateSumUpTo(account, at, rows);
            rows.seekForPrev(StoreKeys.timeline(StoreKeys.IN_ORDER, account, TimelinePosition.behind(at)));
            if (!within(rows, prefix)) {
                checkStatus(rows);
                return lateSum;
            }
            byte[] latest = rows.value();
            return StoreValues.entry(account, latest).balance() - StoreValues.sum(latest) + lateSum;
        }
    }

    private long lateSumUpTo(Account account, long at, RocksIterator rows) {
        IndexedHead indexed = indexedHead(account);
        if (at >= indexed.latestEffectiveAt()) {
            return indexed.lateSum();
        }
        LateSpan period = LateSpan.period(account, at);
        LateSpan day = LateSpan.day(account, at);
        return sumOf(period.first(), period, rows) + sumOf(period.firstDay(), day, rows) + lateSumOfDay(day, at, rows);
    }

    private static long sumOf(LateSpan first, LateSpan end, RocksIterator rows) {
        byte[] endKey = StoreKeys.lateSpan(end);
        long sum = 0;
        rows.seek(StoreKeys.lateSpan(first));
        for (; rows.isValid() && Arrays.compareUnsigned(rows.key(), endKey) < 0; rows.next()) {
            sum += StoreValues.number(rows.value());
        }
        checkStatus(rows);
        return sum;
    }

    private static long lateSumOfDay(LateSpan day, long at, RocksIterator rows) {
        TimelinePosition start = TimelinePosition.before(day.start());
        byte[] end = StoreKeys.timeline(StoreKeys.LATE, day.account(), TimelinePosition.behind(at));
        long sum = 0;
        rows.seek(StoreKeys.timeline(StoreKeys.LATE, day.account(), start));
        for (; rows.isValid() && Arrays.compareUnsigned(rows.key(), end) <= 0; rows.next()) {
            sum += StoreValues.sum(rows.value());
        }
        checkStatus(rows);
        return sum;
    }

    /** A page of the account's entries by effective time, then sequence. */
    public StatementPage statement(Account account, StatementQuery query) {
        try (RocksIterator inOrder = rocks.newIterator(options);
                RocksIterator late = rocks.newIterator(options)) {
            Timeline timeline = new Timeline(
                    new TimelineCursor(inOrder, StoreKeys.IN_ORDER, account, query),
                    new TimelineCursor(late, StoreKeys.LATE, account, query));
            List<JournalEntry> items = new ArrayList<>();
            int scanned = 0;
            while (items.size() < query.limit() && scanned < StatementQuery.MAX_SCANNED && timeline.hasNext()) {
                JournalEntry entry = timeline.next();
                if (query.accepts(entry)) {
                    items.add(entry);
                }
                scanned++;
            }
            return new StatementPage(items, timeline.hasNext() ? timeline.last() : null);
        }
    }

    private IndexedHead indexedHead(Account account) {
        byte[] stored = get(StoreKeys.head(account));
        return stored == null ? IndexedHead.EMPTY : StoreValues.head(stored);
    }

    private byte @Nullable [] get(byte[] key) {
        try {
            return rocks.get(options, key);
        } catch (RocksDBException e) {
            throw new RocksReadException(e);
        }
    }

    static boolean within(RocksIterator rows, byte[] prefix) {
        return rows.isValid() && StoreKeys.startsWith(rows.key(), prefix);
    }

    /** An iterator that met a broken block just ends: without this look, entries would be missing silently. */
    static void checkStatus(RocksIterator rows) {
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw new RocksReadException(e);
        }
    }
}

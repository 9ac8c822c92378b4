package io.tally.store;

import io.tally.ledger.Account;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of accounts, as decisions find them: an account is seldom used once, and a look into the database costs as much as
 * the rest of a decision. A head that is not here is in the database: those that a batch has yet to bring there stay. While
 * the partition decides, it grows for as long as {@link HeapBudget} has room for heads. Then the head that came first is
 * evicted (FIFO): keeping the order of use (LRU) would cost more than it saves. For the thread that owns the database.
 */
final class HeadCache {
    /** Each partition may keep this many, even when the shared budget is used up: 200 KiB. */
    static final int MIN_ACCOUNTS = 1 << 10;

    private final HeapBudget heap;
    private final Map<Account, CachedHead> heads = new LinkedHashMap<>();
    private int reserved;
    private boolean deciding;
    private long settledBatch;

    HeadCache(HeapBudget heap) {
        this.heap = heap;
    }

    /** From now on it may grow: the partition decides, and is no copy of another instance's. */
    void grow() {
        deciding = true;
    }

    /** Keeps what each partition may have, and what is not in the database yet. */
    void shrink() {
        deciding = false;
        heap.releaseHeads(reserved);
        reserved = 0;
        evictSurplus();
    }

    /** Batches up to this one are in the database, so that heads that only they had may be evicted. */
    void settled(long batch) {
        settledBatch = batch;
        evictSurplus();
    }

    private void evictSurplus() {
        Iterator<CachedHead> oldest = heads.values().iterator();
        while (hasSurplus() && oldest.hasNext()) {
            if (isWritten(oldest.next())) {
                oldest.remove();
            }
        }
    }

    /** The account's head, or null when it is not known here. */
    @Nullable
    CachedHead get(Account account) {
        return heads.get(account);
    }

    void add(CachedHead head) {
        heads.put(head.account(), head);
        if (hasSurplus() && deciding && heap.reserveHead()) {
            reserved++;
        }
        if (hasSurplus()) {
            // At most this one, to take no longer than it must: what stays too much goes when a batch is settled.
            Iterator<CachedHead> oldest = heads.values().iterator();
            if (isWritten(oldest.next())) {
                oldest.remove();
            }
        }
    }

    private boolean hasSurplus() {
        return heads.size() > MIN_ACCOUNTS + reserved;
    }

    private boolean isWritten(CachedHead head) {
        return head.batch() <= settledBatch;
    }

    /** Forgets the account. */
    void remove(Account account) {
        heads.remove(account);
        int surplus = reserved - Math.max(0, heads.size() - MIN_ACCOUNTS);
        if (surplus > 0) {
            heap.releaseHeads(surplus);
            reserved -= surplus;
        }
    }

    /** Gives the memory back. */
    void close() {
        heads.clear();
        shrink();
    }
}

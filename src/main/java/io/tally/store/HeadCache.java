package io.tally.store;

import io.tally.ledger.Account;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of accounts, as decisions find them: an account is seldom used once, and a look into the database costs as much as
 * the rest of a decision. A head that is not here is in the database: those that batches have on their way there stay. While
 * the partition decides, it grows for as long as {@link HeapBudget} has room for heads. Then the head that was put first is
 * evicted (FIFO): keeping the order of use (LRU) would cost more than it saves. For the thread that owns the database.
 */
final class HeadCache {
    /** Each partition may keep this many, even when the shared budget is used up: 256 KiB. */
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

    /** Gives back all but what each partition has, and what is on its way to the database. */
    void shrink() {
        deciding = false;
        heap.releaseHeads(reserved);
        reserved = 0;
        fit();
    }

    /** Batches up to this one are in the database, so that heads that only they have may be evicted. */
    void settled(long batch) {
        settledBatch = batch;
        fit();
    }

    /** The account's head, or null when it is not known here. */
    @Nullable
    CachedHead get(Account account) {
        return heads.get(account);
    }

    void add(CachedHead head) {
        heads.put(head.account(), head);
        fit();
    }

    private void fit() {
        if (heads.size() <= MIN_ACCOUNTS + reserved) {
            return;
        }
        Iterator<CachedHead> oldest = heads.values().iterator();
        while (heads.size() > MIN_ACCOUNTS + reserved) {
            if (deciding && heap.reserveHead()) {
                reserved++;
            } else if (oldest.next().batch() <= settledBatch) {
                oldest.remove();
            } else {
                // Those behind it will mostly be on their way, too: they go when their batch is settled.
                return;
            }
        }
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

package io.tally.store;

import io.tally.ledger.Account;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of accounts, as decisions find them: an account is seldom used once, and a look into the database costs as much as
 * the rest of a decision. A head that is not here is in one of the overlay's batches or in the database. While the partition
 * decides, it grows for as long as {@link HeapBudget} has room for heads. Then the head that was put first is evicted (FIFO):
 * keeping the order of use (LRU) would cost more than it saves. For the thread that owns the database.
 */
final class HeadCache {
    /** Each partition may keep this many, even when the shared budget is used up: 256 KiB. */
    static final int MIN_ACCOUNTS = 1 << 10;

    private final HeapBudget heap;
    private final Map<Account, IndexedHead> heads = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Account, IndexedHead> eldest) {
            return size() > MIN_ACCOUNTS && !(deciding && heap.reserveHead());
        }
    };
    private boolean deciding;

    HeadCache(HeapBudget heap) {
        this.heap = heap;
    }

    /** From now on it may grow: the partition decides, and is no copy of another instance's. */
    void grow() {
        deciding = true;
    }

    /** Gives back all but what each partition has. */
    void shrink() {
        deciding = false;
        int surplus = Math.max(0, heads.size() - MIN_ACCOUNTS);
        Iterator<Account> oldest = heads.keySet().iterator();
        for (int i = 0; i < surplus; i++) {
            oldest.next();
            oldest.remove();
        }
        heap.releaseHeads(surplus);
    }

    /** The account's head, or null when it is not known here. */
    @Nullable
    IndexedHead get(Account account) {
        return heads.get(account);
    }

    void put(Account account, IndexedHead head) {
        heads.put(account, head);
    }

    /** Forgets the account. */
    void remove(Account account) {
        if (heads.remove(account) != null && heads.size() >= MIN_ACCOUNTS) {
            heap.releaseHeads(1);
        }
    }

    /** Gives the memory back. */
    void close() {
        shrink();
        heads.clear();
    }
}

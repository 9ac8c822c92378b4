package io.tally.store;

import io.tally.ledger.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of accounts, as decisions find them: an account is seldom used once, and a look into the database costs as much as
 * the rest of a decision. A head that is not here is in one of the overlay's batches or in the database. It grows for as long
 * as {@link StoreMemory} has room for heads. Then who came first goes first, used or not: to keep the order of use costs more
 * than to look again. For the thread that owns the database.
 */
final class HeadCache {
    /** What every partition has, also one that comes when others took all there is: 2 MiB. */
    static final int MIN_ACCOUNTS = 1 << 13;

    private final StoreMemory memory;
    private final Map<Account, IndexedHead> heads = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Account, IndexedHead> eldest) {
            return size() > MIN_ACCOUNTS && !memory.reserveHead();
        }
    };

    HeadCache(StoreMemory memory) {
        this.memory = memory;
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
            memory.releaseHeads(1);
        }
    }

    /** Gives the memory back. */
    void close() {
        memory.releaseHeads(Math.max(0, heads.size() - MIN_ACCOUNTS));
        heads.clear();
    }
}

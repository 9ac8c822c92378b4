package io.tally.store;

import io.tally.ledger.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of accounts, as the database has them: an account is seldom used once, and a look into the database costs as much as
 * the rest of a decision. When it is full, who came first goes first, used or not: to keep the order of use costs more than to
 * look again. For the thread that owns the database.
 */
final class HeadCache {
    /** About 300 bytes each: 10 MiB for a partition. */
    static final int MAX_ACCOUNTS = 1 << 15;

    private final Map<Account, IndexedHead> heads = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Account, IndexedHead> eldest) {
            return size() > MAX_ACCOUNTS;
        }
    };

    /** The account's head, or null when it is not known here. */
    @Nullable
    IndexedHead get(Account account) {
        return heads.get(account);
    }

    /** The database has these now. */
    void putAll(Map<Account, IndexedHead> written) {
        heads.putAll(written);
    }

    /** The database has this one. */
    void put(Account account, IndexedHead head) {
        heads.put(account, head);
    }
}

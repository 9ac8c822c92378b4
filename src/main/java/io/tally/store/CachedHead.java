package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;

/** An account's head in memory. It moves with each of the account's entries, so nothing is made anew for them. Not thread-safe. */
final class CachedHead {
    private final Account account;
    private long sequence;
    private long balance;
    private boolean funded;
    private long latestEffectiveAt;
    private long lateSum;
    private long batch;

    CachedHead(Account account, IndexedHead indexed) {
        // Each command brings a text of its own, of which there are as many as there are currencies.
        this.account = new Account(account.userId(), account.currency().intern());
        stand(indexed);
    }

    Account account() {
        return account;
    }

    long sequence() {
        return sequence;
    }

    long latestEffectiveAt() {
        return latestEffectiveAt;
    }

    long lateSum() {
        return lateSum;
    }

    AccountHead head() {
        return new AccountHead(sequence, balance, funded);
    }

    IndexedHead indexed() {
        return new IndexedHead(head(), latestEffectiveAt, lateSum);
    }

    /** Moves on to the account's next entry, with what the time index needs behind it. */
    void follow(JournalEntry entry, long newLatestEffectiveAt, long newLateSum) {
        stand(new IndexedHead(head().after(entry), newLatestEffectiveAt, newLateSum));
    }

    private void stand(IndexedHead indexed) {
        sequence = indexed.head().sequence();
        balance = indexed.head().balance();
        funded = indexed.head().funded();
        latestEffectiveAt = indexed.latestEffectiveAt();
        lateSum = indexed.lateSum();
    }

    /** The latest batch with an entry of the account, 0 when there was none since it came to memory. */
    long batch() {
        return batch;
    }

    void batch(long number) {
        batch = number;
    }
}

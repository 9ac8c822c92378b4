package io.tally.store;

import io.tally.ledger.AccountHead;

/**
 * An account's head with what the time index needs to go on.
 *
 * @param head where the account stands
 * @param latestEffectiveAt the latest effective time of any entry so far; an entry before it is a late one
 * @param lateSum the sum of all late entries' deltas so far, in minor units
 */
record IndexedHead(AccountHead head, long latestEffectiveAt, long lateSum) {
    static final IndexedHead EMPTY = new IndexedHead(AccountHead.EMPTY, 0, 0);
}

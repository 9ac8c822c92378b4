package io.tally.stream;

import io.tally.ledger.LedgerSettings;
import io.tally.store.LedgerOrigin;

/**
 * The ledger that the checks found or made.
 *
 * @param settings what it was created with
 * @param origin where its stores are restored from
 */
record LedgerIdentity(LedgerSettings settings, LedgerOrigin origin) {}

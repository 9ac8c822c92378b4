package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.LedgerSettings;
import io.tally.store.LedgerStoreSupplier;

/**
 * What every processor of the process works with.
 *
 * @param settings the ledger's
 * @param currencies the table that the settings name
 * @param partitions where users belong
 * @param stores finds the task's store
 * @param transactions finds the thread's transaction
 * @param outcomes makes outcome records
 * @param deadLetters makes dead letters
 * @param counters count what is decided
 */
record LedgerParts(
        LedgerSettings settings,
        CurrencyTable currencies,
        UserPartitions partitions,
        LedgerStoreSupplier stores,
        ThreadTransactions transactions,
        OutcomeRecords outcomes,
        DeadLetterRecords deadLetters,
        LedgerCounters counters) {}

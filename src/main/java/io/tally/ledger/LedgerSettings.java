package io.tally.ledger;

/**
 * What the outcomes depend on besides the input. Fixed when the ledger is created: with other values a replay would give
 * other outcomes.
 *
 * @param partitions how many partitions the input has; a user's partition depends on it
 * @param defaultCurrency the currency of commands that name none
 * @param registrationRequired whether deposits and withdrawals of users that were not opened are rejected
 * @param currencyTableVersion the version of the currency table
 * @param rulesVersion the version of the decision rules, {@link #RULES_VERSION} for this build
 */
public record LedgerSettings(
        int partitions,
        String defaultCurrency,
        boolean registrationRequired,
        String currencyTableVersion,
        int rulesVersion) {

    /** Counts changes after which the same input would give another outcome. */
    public static final int RULES_VERSION = 1;

    public LedgerSettings {
        if (partitions < 1) {
            throw new IllegalArgumentException("Expected at least 1 partition, but got " + partitions);
        }
    }
}

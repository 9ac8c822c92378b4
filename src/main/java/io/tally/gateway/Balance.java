package io.tally.gateway;

import io.tally.ledger.Account;
import org.jspecify.annotations.Nullable;

/**
 * A balance in one committed state.
 *
 * @param account whose
 * @param minorUnits the balance; negative only at a past date
 * @param sequence how many commands of the account that state has decided
 * @param asOf the date asked for, milliseconds since 1970 UTC, or null for everything decided
 */
public record Balance(
        Account account,
        long minorUnits,
        long sequence,
        @Nullable Long asOf) {}

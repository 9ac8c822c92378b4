package io.tally.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One balance: a user's money in one currency.
 *
 * @param userId the user, 1 to 64 characters of {@code [A-Za-z0-9._:-]} that start with a letter or digit
 * @param currency an ISO 4217 code of the ledger's {@link CurrencyTable}
 */
public record Account(String userId, String currency) {
    public Account {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(currency, "currency");
    }

    // Written out, since accounts are the keys that every decision looks up: a record's own go through method handles.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Account account
                        && userId.equals(account.userId)
                        && currency.equals(account.currency);
    }

    @Override
    public int hashCode() {
        return 31 * userId.hashCode() + currency.hashCode();
    }
}

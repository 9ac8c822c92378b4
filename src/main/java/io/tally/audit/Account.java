package io.tally.audit;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A user's money in one currency: what the model says, and what a consumer knows who has read the outcomes so far. */
final class Account {
    final String currency;
    final int digits;
    /** The user's account in another currency, if any. */
    final @Nullable Account next;

    long balance;
    long sequence;
    long seenBalance;
    long seenSequence;

    Account(String currency, int digits, @Nullable Account next) {
        this.currency = currency;
        this.digits = digits;
        this.next = next;
    }

    BigDecimal decimal(long minorUnits) {
        return BigDecimal.valueOf(minorUnits, digits);
    }
}

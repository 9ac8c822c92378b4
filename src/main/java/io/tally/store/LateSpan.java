package io.tally.store;

import io.tally.ledger.Account;

/**
 * A stretch of time for which an account's late entries are summed up. There are two lengths, so that a sum up to a date
 * takes few rows, however many days it spans: whole periods, then the days of one period.
 *
 * @param index which length: {@link StoreKeys#LATE_DAY} or {@link StoreKeys#LATE_PERIOD}
 * @param number counts stretches of that length since 1970
 */
record LateSpan(byte index, Account account, long number) {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final int DAYS_PER_PERIOD = 64;

    /** The day that a time is in. */
    static LateSpan day(Account account, long at) {
        return new LateSpan(StoreKeys.LATE_DAY, account, at / MILLIS_PER_DAY);
    }

    /** The period that a time is in. */
    static LateSpan period(Account account, long at) {
        return new LateSpan(StoreKeys.LATE_PERIOD, account, at / MILLIS_PER_DAY / DAYS_PER_PERIOD);
    }

    /** The first of its account and length. */
    LateSpan first() {
        return new LateSpan(index, account, 0);
    }

    /** The day that a period begins with. */
    LateSpan firstDay() {
        return new LateSpan(StoreKeys.LATE_DAY, account, number * DAYS_PER_PERIOD);
    }

    /** When a day begins, milliseconds since 1970 UTC. */
    long start() {
        return number * MILLIS_PER_DAY;
    }
}

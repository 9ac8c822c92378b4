package io.tally.ledger;

/** The bounds of the arithmetic. All money is a {@code long} of minor units, so sums within these bounds are exact. */
public final class Money {
    /** The largest amount of one command: 10^15 - 1 minor units. */
    public static final long MAX_AMOUNT = 999_999_999_999_999L;

    /** The largest balance of one account: 10^18 - 1 minor units. The sum with any amount still fits a long. */
    public static final long MAX_BALANCE = 999_999_999_999_999_999L;

    private Money() {}
}

package io.tally.wire;

import io.tally.ledger.Money;

/** Amounts as text: plain decimal notation outside, minor units inside; no floating point, no big numbers between. */
public final class MoneyText {
    /** Not plain decimal notation. */
    public static final long NOT_PLAIN = -1;

    /** More digits after the point than the currency has, other than zeros at the end. */
    public static final long TOO_PRECISE = -2;

    /** More than {@link Money#MAX_AMOUNT}. */
    public static final long TOO_LARGE = -3;

    private MoneyText() {}

    /**
     * Reads an amount: digits, or digits, a point and digits; no sign, no exponent, no leading zeros.
     *
     * @param digits how many minor digits the currency has
     * @return minor units from 0 to {@link Money#MAX_AMOUNT}, or one of {@link #NOT_PLAIN}, {@link #TOO_PRECISE} and
     *     {@link #TOO_LARGE}, in this order of precedence
     */
    public static long parse(String text, int digits) {
        int point = text.indexOf('.');
        int end = text.length();
        int wholeEnd = point < 0 ? end : point;
        if (!areDigits(text, 0, wholeEnd) || point >= 0 && !areDigits(text, point + 1, end)) {
            return NOT_PLAIN;
        }
        if (wholeEnd > 1 && text.charAt(0) == '0') {
            return NOT_PLAIN;
        }
        int fractionEnd = end;
        while (fractionEnd > wholeEnd + 1 && text.charAt(fractionEnd - 1) == '0') {
            fractionEnd--;
        }
        if (fractionEnd - wholeEnd - 1 > digits) {
            return TOO_PRECISE;
        }
        return minorUnits(text, wholeEnd, Math.max(fractionEnd, wholeEnd), digits);
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return from < to;
    }

    private static long minorUnits(String text, int wholeEnd, int fractionEnd, int digits) {
        long units = 0;
        int scale = wholeEnd + 1 + digits;
        for (int i = 0; i < scale; i++) {
            if (i == wholeEnd) {
                continue;
            }
            units = units * 10 + (i < fractionEnd ? text.charAt(i) - '0' : 0);
            if (units > Money.MAX_AMOUNT) {
                return TOO_LARGE;
            }
        }
        return units;
    }

    /** Writes minor units with exactly the currency's digits: 1050 with 2 digits is "10.50", -5 is "-0.05". */
    public static String format(long minorUnits, int digits) {
        AsciiBuffer text = new AsciiBuffer(32);
        text.decimal(minorUnits, digits);
        return text.toString();
    }
}

package io.tally.app.bench;

import java.util.Locale;

/**
 * How many commands are offered.
 *
 * @param value commands a second, or a part of what the ledger drains
 */
public record OfferedLoad(double value, boolean isPart) {
    private static final double WHOLE = 100;

    /**
     * Reads {@code 500} or {@code 50%}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static OfferedLoad of(String text) {
        boolean part = text.endsWith("%");
        try {
            double number = Integer.parseInt(part ? text.substring(0, text.length() - 1) : text);
            if (number >= 1 && number <= (part ? WHOLE : 1_000_000)) {
                return new OfferedLoad(part ? number / WHOLE : number, part);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "Expected --loads of 1 to 1000000 commands/s or 1% to 100%, but one is " + text);
    }

    /** @param drained what the ledger drains a second */
    int perSecond(double drained) {
        return (int) Math.max(1, Math.round(isPart ? value * drained : value));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, isPart ? "%.0f%%" : "%.0f", isPart ? value * WHOLE : value);
    }
}

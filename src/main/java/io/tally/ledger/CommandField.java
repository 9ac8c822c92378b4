package io.tally.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field in which two commands of one uid can differ, in the order in which they are compared. */
public enum CommandField {
    TYPE("type"),
    AMOUNT("amount"),
    CURRENCY("currency"),
    TIMESTAMP("timestamp"),
    NAME("name");

    private final String wireName;

    CommandField(String wireName) {
        this.wireName = wireName;
    }

    /** The field's name in the command's JSON. */
    public String wireName() {
        return wireName;
    }

    /**
     * The first field that the client sent differently in the two commands, or null when they are the same request.
     *
     * <p>What was filled in for the client is not compared: an honest retry carries another record time and must not
     * become a conflict. An absent field differs from a present one.
     */
    public static @Nullable CommandField firstDifference(Command a, Command b, CurrencyTable currencies) {
        if (a.type() != b.type()) {
            return TYPE;
        }
        if (!sameAmount(a, b, currencies)) {
            return AMOUNT;
        }
        if (a.currencySent() != b.currencySent()
                || !a.account().currency().equals(b.account().currency())) {
            return CURRENCY;
        }
        if (a.timestampSent() != b.timestampSent() || a.timestampSent() && a.effectiveAt() != b.effectiveAt()) {
            return TIMESTAMP;
        }
        return Objects.equals(a.name(), b.name()) ? null : NAME;
    }

    /** Compares what was written, "1" and "1.00", not minor units: these depend on the currency. */
    private static boolean sameAmount(Command a, Command b, CurrencyTable currencies) {
        if (a.account().currency().equals(b.account().currency())) {
            return a.amount() == b.amount();
        }
        return currencies
                        .decimal(a.amount(), a.account().currency())
                        .compareTo(currencies.decimal(b.amount(), b.account().currency()))
                == 0;
    }
}

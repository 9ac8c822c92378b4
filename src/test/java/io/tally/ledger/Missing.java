package io.tally.ledger;

final class Missing {
    private Missing() {}

    /** A null where none is meant. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T value() {
        return null;
    }
}

package io.tally.ledger;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A well-formed command: what the client sent, normalised, with the gaps filled in.
 *
 * @param uid the client's idempotency key; its scope is the user
 * @param account the account it is about; for an OPEN the user's account in the default currency
 * @param type what it asks for
 * @param amount minor units of the account's currency, 1 to {@link Money#MAX_AMOUNT}; 0 for an OPEN
 * @param effectiveAt milliseconds since 1970 UTC, 0 to {@link #MAX_TIMESTAMP}: the client's timestamp, else the record's
 * @param name the user's name on an OPEN, if one was sent
 * @param currencySent whether the client named the currency
 * @param timestampSent whether the client named the time
 */
public record Command(
        UUID uid,
        Account account,
        CommandType type,
        long amount,
        long effectiveAt,
        @Nullable String name,
        boolean currencySent,
        boolean timestampSent) {

    /** The last millisecond of the year 9999. */
    public static final long MAX_TIMESTAMP = 253_402_300_799_999L;

    public Command {
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(type, "type");
        if (type == CommandType.OPEN ? amount != 0 : amount < 1 || amount > Money.MAX_AMOUNT) {
            throw new IllegalArgumentException("Expected an amount that fits " + type + ", but got " + amount);
        }
        if (effectiveAt < 0 || effectiveAt > MAX_TIMESTAMP) {
            throw new IllegalArgumentException("Expected a time from 1970 to 9999, but got " + effectiveAt);
        }
        if (name != null && type != CommandType.OPEN) {
            throw new IllegalArgumentException("Expected a name on OPEN only, but got one on " + type);
        }
    }

    /** The user that it is about. */
    public String userId() {
        return account.userId();
    }
}

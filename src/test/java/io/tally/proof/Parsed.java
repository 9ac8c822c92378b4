package io.tally.proof;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an input record says. */
public sealed interface Parsed {
    /**
     * A well-formed command as the client sent it, normalised; null is absent.
     *
     * @param amount as a decimal, not in minor units
     * @param timestamp milliseconds since 1970 UTC
     */
    record Request(
            UUID uid,
            String userId,
            String type,
            @Nullable BigDecimal amount,
            @Nullable String currency,
            @Nullable Long timestamp,
            @Nullable String name)
            implements Parsed {

        /** The first field, in the contract's order, in which another request of the same uid differs, or null. */
        @Nullable
        String firstDifference(Request other) {
            if (!type.equals(other.type)) {
                return "type";
            }
            if (amount == null ? other.amount != null : other.amount == null || amount.compareTo(other.amount) != 0) {
                return "amount";
            }
            if (!Objects.equals(currency, other.currency)) {
                return "currency";
            }
            if (!Objects.equals(timestamp, other.timestamp)) {
                return "timestamp";
            }
            return Objects.equals(name, other.name) ? null : "name";
        }
    }

    /**
     * Not a command.
     *
     * @param code the dead letter's code
     * @param certain whether the contract leaves no other code
     */
    record Refused(String code, boolean certain) implements Parsed {}
}

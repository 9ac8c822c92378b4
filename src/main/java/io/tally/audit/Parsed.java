package io.tally.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an input record says. */
public sealed interface Parsed {
    /**
     * A well-formed command as the client sent it, normalised.
     *
     * @param amount in ten-thousandths of the currency's unit, unsigned; 0 is absent
     * @param currency null is absent
     * @param timestamp milliseconds since 1970 UTC; {@link EffectiveTime#NONE} is absent
     * @param name null is absent
     */
    record Request(
            UUID uid,
            String userId,
            String type,
            long amount,
            @Nullable String currency,
            long timestamp,
            @Nullable String name)
            implements Parsed {}

    /**
     * Not a command.
     *
     * @param code the dead letter's code
     * @param certain whether the contract leaves no other code
     */
    record Refused(String code, boolean certain) implements Parsed {}
}

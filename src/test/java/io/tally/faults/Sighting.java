package io.tally.faults;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A look at a user's balance in dollars.
 *
 * @param instance which was asked
 * @param toldSequence the highest sequence that a writer had been told of when the look was sent
 * @param withPosition whether the look sent that write's position
 * @param sentAt nanoseconds of this process's clock, as is the next
 */
public record Sighting(
        String user,
        String instance,
        long toldSequence,
        boolean withPosition,
        long sentAt,
        long answeredAt,
        HttpAnswer answer) {
    @Nullable
    BigDecimal balance() {
        String text = answer.body().path("balance").asText();
        return text.matches("-?[0-9]+[.][0-9]{2}") ? new BigDecimal(text) : null;
    }

    long sequence() {
        return answer.body().path("sequence").asLong(-1);
    }

    /** Whether it shows less than a writer had been told before. */
    public boolean isOlder() {
        return answer.status() == 200 && sequence() < toldSequence;
    }

    @Override
    public String toString() {
        return user + " at " + instance + (withPosition ? " with" : " without") + " the position of sequence "
                + toldSequence + ": " + answer.label() + " "
                + (answer.failure() == null ? answer.body() : answer.failure());
    }
}

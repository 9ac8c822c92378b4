package io.tally.gateway.webhook;

import java.util.Comparator;

/**
 * Where a delivery stands among those of its endpoint.
 *
 * @param partition of the output
 * @param offset of the outcome
 * @param lane that of its {@link io.tally.wire.webhook.WebhookKey}: one outcome can wait in several; empty begins with the
 *     first
 */
public record DeliveryPlace(int partition, long offset, String lane) implements Comparable<DeliveryPlace> {
    private static final Comparator<DeliveryPlace> ORDER = Comparator.comparingInt(DeliveryPlace::partition)
            .thenComparingLong(DeliveryPlace::offset)
            .thenComparing(DeliveryPlace::lane);

    static DeliveryPlace startOf(int partition) {
        return new DeliveryPlace(partition, 0, "");
    }

    @Override
    public int compareTo(DeliveryPlace other) {
        return ORDER.compare(this, other);
    }
}

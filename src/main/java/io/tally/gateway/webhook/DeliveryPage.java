package io.tally.gateway.webhook;

import io.tally.wire.webhook.Delivery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some deliveries of an endpoint, by partition and offset.
 *
 * @param items can be fewer than asked for, even none, when there was not the time or the memory for more
 * @param rest where more may stand, or null when these were the last
 */
public record DeliveryPage(List<Item> items, @Nullable DeliveryPlace rest) {
    public DeliveryPage {
        items = List.copyOf(items);
    }

    /**
     * A delivery.
     *
     * @param replay the id of the replay that it is of, or null when it is not known to be of one
     */
    public record Item(@Nullable String replay, Delivery delivery) {}
}

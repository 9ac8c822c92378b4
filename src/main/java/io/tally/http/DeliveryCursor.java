package io.tally.http;

import io.tally.gateway.webhook.DeliveryPlace;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of deliveries ended. Opaque to clients.
 *
 * @param endpoint whose they are
 * @param dead whether they are the dead ones
 * @param next the first that may come on the next page
 */
record DeliveryCursor(String endpoint, boolean dead, DeliveryPlace next) {
    private static final String KIND = "deliveries-1";
    private static final int PARTS = 6;

    /** The form that clients hold. */
    String toText() {
        return SealedText.seal(String.join(
                "/",
                KIND,
                endpoint,
                Boolean.toString(dead),
                Integer.toString(next.partition()),
                Long.toString(next.offset()),
                next.lane()));
    }

    /** Reads the clients' form; null when it is none of ours. */
    static @Nullable DeliveryCursor parse(String text) {
        String fields = SealedText.open(text);
        String[] parts = fields == null ? new String[0] : fields.split("/", -1);
        if (parts.length != PARTS || !parts[0].equals(KIND)) {
            return null;
        }
        try {
            DeliveryPlace next = new DeliveryPlace(Integer.parseInt(parts[3]), Long.parseLong(parts[4]), parts[5]);
            return next.partition() < 0 ? null : new DeliveryCursor(parts[1], Boolean.parseBoolean(parts[2]), next);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

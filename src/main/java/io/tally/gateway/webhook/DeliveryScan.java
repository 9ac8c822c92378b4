package io.tally.gateway.webhook;

import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a partition of compacted records holds of one endpoint's deliveries, when every record was taken: the latest of a key
 * counts. Keeps the first ones only, in bounded memory; what it had to drop lies at or behind the {@linkplain #horizon
 * horizon}, and what it keeps before that is complete. For one thread.
 */
final class DeliveryScan {
    private static final Logger log = LoggerFactory.getLogger(DeliveryScan.class);

    /** More than a page, as later records can take some of them back; at some KiB each. */
    static final int MAX_KEPT = 2 * DeliveryQuery.MAX_LIMIT;

    private final DeliveryQuery query;
    private final byte[] prefix;
    private final Map<WebhookKey, DeliveryPlace> places = new HashMap<>();
    private final TreeMap<DeliveryPlace, Kept> kept = new TreeMap<>();
    private @Nullable DeliveryPlace horizon;
    private boolean brokenWasLogged;

    private record Kept(WebhookKey key, Delivery delivery) {}

    DeliveryScan(DeliveryQuery query) {
        this.query = query;
        this.prefix = (query.endpoint() + "/").getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes the next record of the partition. */
    void take(byte[] key, byte @Nullable [] value) {
        if (key.length < prefix.length || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
            return;
        }
        try {
            WebhookKey parsed = WebhookKey.parse(key);
            if (query.dead() == (parsed.userId() == null)) {
                forget(parsed);
                if (value != null) {
                    keep(parsed, WebhookCodec.delivery(value));
                }
            }
        } catch (IllegalArgumentException e) {
            if (!brokenWasLogged) {
                log.warn("A delivery to {} is broken and not shown: {}", query.endpoint(), e.getMessage());
            }
            brokenWasLogged = true;
        }
    }

    private void forget(WebhookKey key) {
        DeliveryPlace place = places.remove(key);
        if (place != null) {
            kept.remove(place);
        }
    }

    private void keep(WebhookKey key, Delivery delivery) {
        DeliveryPlace place =
                new DeliveryPlace(delivery.partition(), delivery.offset(), query.dead() ? "" : key.lane());
        if (place.compareTo(query.from()) < 0 || horizon != null && place.compareTo(horizon) >= 0) {
            return;
        }
        places.put(key, place);
        kept.put(place, new Kept(key, delivery));
        if (kept.size() > MAX_KEPT) {
            Map.Entry<DeliveryPlace, Kept> last = kept.pollLastEntry();
            places.remove(last.getValue().key());
            horizon = last.getKey();
        }
    }

    /** The first deliveries, by place. */
    SortedMap<DeliveryPlace, DeliveryPage.Item> items() {
        SortedMap<DeliveryPlace, DeliveryPage.Item> items = new TreeMap<>();
        kept.forEach((place, delivery) -> items.put(place, new DeliveryPage.Item(replay(place), delivery.delivery())));
        return items;
    }

    private static @Nullable String replay(DeliveryPlace place) {
        return place.lane().isEmpty() || place.lane().equals(WebhookKey.LIVE) ? null : place.lane();
    }

    /** From where on deliveries are missing in {@link #items}, or null when none is. */
    @Nullable
    DeliveryPlace horizon() {
        return horizon;
    }
}

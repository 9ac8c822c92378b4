package io.tally.gateway.webhook;

import org.jspecify.annotations.Nullable;

/** What an endpoint is to be told again. */
public sealed interface ReplayRequest {
    /** One outcome. */
    record OfDelivery(int partition, long offset) implements ReplayRequest {}

    /**
     * What was recorded in a stretch of time.
     *
     * @param from inclusive, milliseconds since 1970 UTC
     * @param to exclusive; null for all up to now
     */
    record OfTimes(long from, @Nullable Long to) implements ReplayRequest {}

    /** A partition from an offset on, up to now. */
    record OfPartition(int partition, long offset) implements ReplayRequest {}
}

package io.tally.gateway.webhook;

/**
 * Which deliveries of an endpoint to bring.
 *
 * @param endpoint the id
 * @param dead those that will not be offered again, instead of those that wait for another attempt
 * @param from the first that may be brought
 * @param limit how many at most, from 1
 */
public record DeliveryQuery(String endpoint, boolean dead, DeliveryPlace from, int limit) {
    /** The most that one page may bring. */
    public static final int MAX_LIMIT = 500;

    public DeliveryQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("Expected 1 to " + MAX_LIMIT + " deliveries, but got " + limit);
        }
    }

    /** The same from the first delivery on. */
    public static DeliveryQuery first(String endpoint, boolean dead, int limit) {
        return new DeliveryQuery(endpoint, dead, DeliveryPlace.startOf(0), limit);
    }
}

package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EndpointUpdate} comes to: one record of the topic of endpoints, or none.
 *
 * @param <T> what the update brings
 * @param answer once it is written
 * @param id what to write about, or null to write nothing
 * @param endpoint its new version, or null to delete it
 */
record EndpointWrite<T>(
        UpdateResult<T> answer,
        @Nullable String id,
        @Nullable Endpoint endpoint) {
    static <T> EndpointWrite<T> nothing(UpdateResult<T> answer) {
        return new EndpointWrite<>(answer, null, null);
    }

    static <T> EndpointWrite<T> put(Endpoint endpoint, T value) {
        return new EndpointWrite<>(new UpdateResult.Made<>(value), endpoint.id(), endpoint);
    }

    static <T> EndpointWrite<T> remove(String id, T value) {
        return new EndpointWrite<>(new UpdateResult.Made<>(value), id, null);
    }
}

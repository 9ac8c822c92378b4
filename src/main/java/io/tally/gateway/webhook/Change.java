package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of the endpoints: a function of what is committed, and of nothing else that may change, as it can be asked again.
 *
 * @param <T> what it brings
 */
interface Change<T> {
    Decision<T> on(Map<String, Endpoint> endpoints);

    /**
     * What a change comes to.
     *
     * @param answer once it is written
     * @param id what to write about, or null to write nothing
     * @param endpoint its new version, or null to delete it
     */
    record Decision<T>(
            Changed<T> answer,
            @Nullable String id,
            @Nullable Endpoint endpoint) {
        static <T> Decision<T> nothing(Changed<T> answer) {
            return new Decision<>(answer, null, null);
        }

        static <T> Decision<T> put(Endpoint endpoint, T value) {
            return new Decision<>(new Changed.Made<>(value), endpoint.id(), endpoint);
        }

        static <T> Decision<T> remove(String id, T value) {
            return new Decision<>(new Changed.Made<>(value), id, null);
        }
    }
}

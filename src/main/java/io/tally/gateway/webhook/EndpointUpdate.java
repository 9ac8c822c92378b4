package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import java.util.Map;

/**
 * A change of the endpoints: a function of what is committed, and of nothing else that may change, as it can be asked again.
 *
 * @param <T> what it brings
 */
interface EndpointUpdate<T> {
    EndpointWrite<T> on(Map<String, Endpoint> endpoints);
}

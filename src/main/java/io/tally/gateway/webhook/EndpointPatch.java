package io.tally.gateway.webhook;

import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service changes of an endpoint; null leaves a field as it is. The limits are those of {@link EndpointSettings}.
 *
 * @param users whose outcomes it is told of; empty for all
 * @param state active or paused; also ends that Tally has disabled it
 */
public record EndpointPatch(
        @Nullable URI url,
        @Nullable String description,
        @Nullable Set<EventType> eventTypes,
        @Nullable Set<String> users,
        @Nullable EndpointState state) {
    public EndpointPatch {
        if (state == EndpointState.DISABLED) {
            throw new IllegalArgumentException("Expected a state that services choose, but got DISABLED");
        }
    }
}

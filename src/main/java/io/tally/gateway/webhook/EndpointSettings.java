package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import java.net.URI;
import java.util.Set;

/**
 * What a service decides of an endpoint that it registers.
 *
 * @param url absolute, {@code https} or {@code http}
 * @param description for people; at most {@link #MAX_DESCRIPTION} characters, may be empty
 * @param eventTypes what it is told of; not empty
 * @param users whose outcomes it is told of, at most {@link #MAX_USERS}; empty for all
 */
public record EndpointSettings(URI url, String description, Set<EventType> eventTypes, Set<String> users) {
    public static final int MAX_URL = 2_048;
    public static final int MAX_DESCRIPTION = 200;
    public static final int MAX_USERS = 100;

    public EndpointSettings {
        eventTypes = Set.copyOf(eventTypes);
        users = Set.copyOf(users);
        if (users.size() > MAX_USERS
                || description.length() > MAX_DESCRIPTION
                || url.toString().length() > MAX_URL) {
            throw new IllegalArgumentException("Expected settings within their limits, but they are not");
        }
    }

    /** Whether an endpoint has these. */
    boolean areOf(Endpoint endpoint) {
        return endpoint.url().equals(url)
                && endpoint.description().equals(description)
                && endpoint.eventTypes().equals(eventTypes)
                && endpoint.users().equals(users);
    }
}

package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place that outcomes are delivered to.
 *
 * @param id {@code we_} and 16 letters and digits, unique for ever
 * @param url absolute, {@code https} or {@code http}, without user information and fragment
 * @param description for people; may be empty
 * @param eventTypes what it is told of; never empty
 * @param users whose outcomes it is told of; empty for all
 * @param disabledReason set exactly when it is disabled
 * @param secrets the newest first, which does not expire; one to four
 * @param start by partition of the output, the offset from which on it is told
 * @param replays what it is told again
 * @param version 1 when it is created, one more with each change
 * @param createdAt milliseconds since 1970 UTC
 * @param updatedAt milliseconds since 1970 UTC of the last change
 */
public record Endpoint(
        @JsonProperty String id,
        @JsonProperty URI url,
        @JsonProperty String description,
        @JsonProperty("event_types") Set<EventType> eventTypes,
        @JsonProperty Set<String> users,
        @JsonProperty EndpointState state,
        @JsonProperty("disabled_reason") @Nullable DisabledReason disabledReason,
        @JsonProperty List<SigningSecret> secrets,
        @JsonProperty List<Long> start,
        @JsonProperty List<Replay> replays,
        @JsonProperty long version,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("updated_at") long updatedAt) {
    @JsonCreator
    public Endpoint {
        eventTypes = Set.copyOf(eventTypes);
        users = Set.copyOf(users);
        secrets = List.copyOf(secrets);
        start = List.copyOf(start);
        replays = List.copyOf(replays);
        if (eventTypes.isEmpty() || secrets.isEmpty() || start.isEmpty()) {
            throw new IllegalArgumentException("Expected event types, secrets and a start, but one of them is empty");
        }
        if ((state == EndpointState.DISABLED) != (disabledReason != null)) {
            throw new IllegalArgumentException("Expected a reason exactly when disabled, but state is " + state
                    + " and the reason " + disabledReason);
        }
    }

    /** Whether outcomes are delivered to it. */
    @JsonIgnore
    public boolean isActive() {
        return state == EndpointState.ACTIVE;
    }

    /** Whether it is told of this user's outcomes of this type. */
    public boolean wants(EventType type, String userId) {
        return eventTypes.contains(type) && (users.isEmpty() || users.contains(userId));
    }
}

package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Endpoints and what they are told of. */
final class Events {
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    private Events() {}

    static Event of(String user, int partition, long offset) {
        return of(user, EventType.TRANSACTION_ACCEPTED, partition, offset);
    }

    static Event of(String user, EventType type, int partition, long offset) {
        return new Event(
                partition,
                offset,
                user,
                type,
                partition + "-" + offset,
                "2026-01-31T10:00:00.000Z",
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    static Endpoint endpoint() {
        return endpoint(URI.create("http://127.0.0.1:9000/"));
    }

    static Endpoint endpoint(URI url) {
        return new Endpoint(
                "we_0123456789abcdef",
                url,
                "",
                EnumSet.allOf(EventType.class),
                Set.of(),
                EndpointState.ACTIVE,
                null,
                List.of(new SigningSecret(SECRET, null)),
                List.of(0L),
                List.of(),
                1,
                0,
                0);
    }

    static Endpoint forUsers(Endpoint endpoint, String... users) {
        return changed(endpoint, endpoint.eventTypes(), Set.of(users), endpoint.state());
    }

    static Endpoint forTypes(Endpoint endpoint, EventType first, EventType... more) {
        return changed(endpoint, EnumSet.of(first, more), endpoint.users(), endpoint.state());
    }

    static Endpoint withState(Endpoint endpoint, EndpointState state) {
        return changed(endpoint, endpoint.eventTypes(), endpoint.users(), state);
    }

    /** One that was registered at this time, to be told from these offsets on, by partition. */
    static Endpoint startingAt(Endpoint endpoint, long createdAt, long... start) {
        return new Endpoint(
                endpoint.id(),
                endpoint.url(),
                endpoint.description(),
                endpoint.eventTypes(),
                endpoint.users(),
                endpoint.state(),
                null,
                endpoint.secrets(),
                LongStream.of(start).boxed().toList(),
                endpoint.replays(),
                1,
                createdAt,
                createdAt);
    }

    /** The next version of an endpoint. */
    private static Endpoint changed(Endpoint endpoint, Set<EventType> types, Set<String> users, EndpointState state) {
        return new Endpoint(
                endpoint.id(),
                endpoint.url(),
                endpoint.description(),
                types,
                users,
                state,
                null,
                endpoint.secrets(),
                endpoint.start(),
                endpoint.replays(),
                endpoint.version() + 1,
                endpoint.createdAt(),
                endpoint.updatedAt());
    }
}

package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.SigningSecret;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An endpoint as it is shown. */
record EndpointBody(
        @JsonProperty String id,
        @JsonProperty String url,
        @JsonProperty String description,
        @JsonProperty("event_types") List<String> eventTypes,
        @JsonProperty List<String> users,
        @JsonProperty String state,
        @JsonProperty("disabled_reason") @Nullable String disabledReason,

        @JsonProperty @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String secret,

        @JsonProperty("previous_secret_expires_at") @Nullable
        String previousSecretExpiresAt,

        @JsonProperty List<ReplayBody> replays,
        @JsonProperty long version,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("updated_at") String updatedAt) {

    /** What an endpoint is told again. */
    record ReplayBody(
            @JsonProperty String id,
            @JsonProperty("requested_at") String requestedAt,
            @JsonProperty List<RangeBody> ranges) {
        static ReplayBody of(Replay replay) {
            return new ReplayBody(
                    replay.id(),
                    TimestampText.format(replay.requestedAt()),
                    replay.ranges().stream()
                            .map(range -> new RangeBody(range.partition(), range.from(), range.to()))
                            .toList());
        }
    }

    record RangeBody(
            @JsonProperty int partition,
            @JsonProperty long from,
            @JsonProperty long to) {}

    /** An endpoint without its secrets. */
    static EndpointBody of(Endpoint endpoint) {
        return of(endpoint, null);
    }

    /** An endpoint with its newest secret. */
    static EndpointBody withSecret(Endpoint endpoint) {
        return of(endpoint, endpoint.secrets().get(0).secret());
    }

    private static EndpointBody of(Endpoint endpoint, @Nullable String secret) {
        return new EndpointBody(
                endpoint.id(),
                endpoint.url().toString(),
                endpoint.description(),
                endpoint.eventTypes().stream().sorted().map(EventType::text).toList(),
                endpoint.users().stream().sorted().toList(),
                word(endpoint.state()),
                endpoint.disabledReason() == null ? null : word(endpoint.disabledReason()),
                secret,
                previousSecretExpiresAt(endpoint),
                endpoint.replays().stream().map(ReplayBody::of).toList(),
                endpoint.version(),
                TimestampText.format(endpoint.createdAt()),
                TimestampText.format(endpoint.updatedAt()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String previousSecretExpiresAt(Endpoint endpoint) {
        long now = System.currentTimeMillis();
        return endpoint.secrets().stream()
                .skip(1)
                .filter(secret -> secret.isValidAt(now))
                .map(SigningSecret::expiresAt)
                .filter(Objects::nonNull)
                .map(TimestampText::format)
                .findFirst()
                .orElse(null);
    }
}

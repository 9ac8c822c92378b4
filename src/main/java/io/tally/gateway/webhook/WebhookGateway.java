package io.tally.gateway.webhook;

import io.tally.gateway.Reply;
import io.tally.gateway.webhook.WebhookRegistry.Created;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers endpoints, changes them, and says what became of what they were to be told. Thread-safe; never waits. */
public final class WebhookGateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebhookGateway.class);

    /** How long a secret that was replaced signs beside the new one. */
    public static final Duration ROTATION = Duration.ofDays(1);

    private static final String NOT_READ = "The endpoints are not read yet";

    private final WebhookRegistry registry;
    private final OutputOffsets output;
    private final ReplayRanges ranges;
    private final DeliveryReader deliveries;
    private final UrlPolicy policy;
    private final EndpointTester tester;
    private final IdsAndSecrets fresh = new IdsAndSecrets();

    /**
     * Makes clients of the brokers, which connect when they are first asked.
     *
     * @param registry stays the caller's to close
     * @param partitions of the output, as the ledger was made
     */
    public WebhookGateway(
            WebhookRegistry registry,
            StreamSettings settings,
            int partitions,
            UrlPolicy policy,
            EndpointTester tester) {
        this.registry = registry;
        this.output = new OutputOffsets(settings.kafka(), settings.topics().output(), partitions);
        this.ranges = new ReplayRanges(output);
        this.deliveries = new DeliveryReader(settings.kafka(), WebhookTopics.of(settings.topicPrefix()));
        this.policy = policy;
        this.tester = tester;
    }

    /** Where a new endpoint begins. */
    public enum Start {
        /** With what is committed after it was registered. */
        NOW,
        /** With the oldest outcome that is still there. */
        BEGINNING
    }

    /** Whether a text has the form of an endpoint's id. */
    public static boolean isEndpointId(String text) {
        return IdsAndSecrets.isEndpointId(text);
    }

    /** Why a URL may not be an endpoint, for people, or null when it may. */
    public @Nullable String refusal(URI url) {
        return policy.refusal(url);
    }

    /** All endpoints, the oldest first. */
    public Reply<List<Endpoint>> endpoints() {
        return registry.isCurrent()
                ? new Reply.Found<>(registry.endpoints().values().stream()
                        .sorted(Comparator.comparingLong(Endpoint::createdAt).thenComparing(Endpoint::id))
                        .toList())
                : new Reply.Unavailable<>(NOT_READ);
    }

    /** An endpoint, as this instance knows it. */
    public Reply<Endpoint> endpoint(String id) {
        if (!registry.isCurrent()) {
            return new Reply.Unavailable<>(NOT_READ);
        }
        Endpoint endpoint = registry.endpoints().get(id);
        return endpoint == null ? new Reply.Absent<>() : new Reply.Found<>(endpoint);
    }

    /**
     * Registers an endpoint; it has a new secret.
     *
     * @param key the id follows from it, so that who sends it again finds the same endpoint; null for a new one
     */
    public CompletableFuture<UpdateResult<Created>> create(
            EndpointSettings settings, Start start, @Nullable String key) {
        String id = key == null ? fresh.endpointId() : IdsAndSecrets.endpointId(key);
        CompletableFuture<List<Long>> from = switch (start) {
            case NOW -> output.committedEnds();
            case BEGINNING -> output.beginnings();
        };
        return orUnavailable(from.thenCompose(
                offsets -> registry.create(endpoint(id, settings, offsets, System.currentTimeMillis()), settings)));
    }

    private Endpoint endpoint(String id, EndpointSettings settings, List<Long> start, long now) {
        return new Endpoint(
                id,
                settings.url(),
                settings.description(),
                settings.eventTypes(),
                settings.users(),
                EndpointState.ACTIVE,
                null,
                List.of(fresh.secret()),
                start,
                List.of(),
                1,
                now,
                now);
    }

    /**
     * Changes what services decide, and brings the new version.
     *
     * @param version the one that the endpoint must have, or null
     */
    public CompletableFuture<UpdateResult<Endpoint>> change(String id, @Nullable Long version, EndpointPatch patch) {
        return registry.change(
                id,
                version,
                before ->
                        new UpdateResult.Made<>(new Revision(before).with(patch).at(System.currentTimeMillis())));
    }

    /**
     * Gives an endpoint a new secret, the first of those that it has then. The one before signs for {@link #ROTATION} more, and
     * those before that as long as they would have: who was not answered rotates again, and the receiver still has the first.
     * With the new one there are {@value Revision#MAX_SECRETS} at most.
     */
    public CompletableFuture<UpdateResult<Endpoint>> rotateSecret(String id) {
        SigningSecret secret = fresh.secret();
        return registry.change(id, null, before -> {
            long now = System.currentTimeMillis();
            return new UpdateResult.Made<>(new Revision(before)
                    .rotated(secret, now + ROTATION.toMillis())
                    .at(now));
        });
    }

    /**
     * Takes an endpoint away.
     *
     * @param version the one that it must have, or null
     */
    public CompletableFuture<UpdateResult<Endpoint>> delete(String id, @Nullable Long version) {
        return registry.delete(id, version);
    }

    /** Deliveries of an endpoint that wait for another attempt, or are dead. The future never fails. */
    public CompletableFuture<Reply<DeliveryPage>> deliveries(DeliveryQuery query) {
        Reply<Endpoint> endpoint = endpoint(query.endpoint());
        if (endpoint instanceof Reply.Found<Endpoint>) {
            return deliveries.page(query);
        }
        return CompletableFuture.completedFuture(
                endpoint instanceof Reply.Absent<Endpoint> ? new Reply.Absent<>() : new Reply.Unavailable<>(NOT_READ));
    }

    /** Lets an endpoint be told something again. One without ranges, when there was nothing in them, is not kept. */
    public CompletableFuture<UpdateResult<Replay>> replay(String id, ReplayRequest request) {
        String replayId = fresh.replayId();
        return orUnavailable(ranges.of(request).thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(new UpdateResult.Refused<>(UpdateRefusal.NOT_IN_OUTPUT));
            }
            Replay replay = new Replay(replayId, System.currentTimeMillis(), found);
            CompletableFuture<UpdateResult<Endpoint>> update = found.isEmpty()
                    ? registry.change(id, null, UpdateResult.Made::new)
                    : registry.addReplay(id, replay);
            return update.thenApply(result -> with(replay, result));
        }));
    }

    private static UpdateResult<Replay> with(Replay replay, UpdateResult<Endpoint> result) {
        if (result instanceof UpdateResult.Made<Endpoint>) {
            return new UpdateResult.Made<>(replay);
        }
        if (result instanceof UpdateResult.Refused<Endpoint> refused) {
            return new UpdateResult.Refused<>(refused.why());
        }
        if (result instanceof UpdateResult.Unavailable<Endpoint> unavailable) {
            return new UpdateResult.Unavailable<>(unavailable.reason());
        }
        return result instanceof UpdateResult.Absent<Endpoint>
                ? new UpdateResult.Absent<>()
                : new UpdateResult.Unknown<>();
    }

    /** Sends a test event to an endpoint. */
    public CompletableFuture<Reply<Attempt>> test(String id) {
        Reply<Endpoint> endpoint = endpoint(id);
        if (endpoint instanceof Reply.Found<Endpoint> found) {
            return tester.test(found.value()).thenApply(Reply.Found::new);
        }
        return CompletableFuture.completedFuture(
                endpoint instanceof Reply.Absent<Endpoint> ? new Reply.Absent<>() : new Reply.Unavailable<>(NOT_READ));
    }

    private static <T> CompletableFuture<UpdateResult<T>> orUnavailable(CompletableFuture<UpdateResult<T>> result) {
        return result.exceptionally(failure -> {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (cause instanceof KafkaException) {
                log.warn("Kafka does not say where the outcomes are: {}", cause.toString());
                return new UpdateResult.Unavailable<>("Kafka does not say where the outcomes are");
            }
            throw new CompletionException(cause);
        });
    }

    @Override
    public void close() {
        deliveries.close();
        output.close();
    }
}

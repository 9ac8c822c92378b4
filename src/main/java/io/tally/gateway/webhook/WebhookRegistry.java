package io.tally.gateway.webhook;

import io.tally.gateway.webhook.Change.Decision;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.Replay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of outcomes: every instance follows the topic of endpoints, and may change it. Changes have one order over all
 * instances, and each is made to what the one before it has left. Thread-safe; no method waits.
 */
public final class WebhookRegistry implements AutoCloseable {
    /** Each is told everything that it wants, by each instance: more would be a broker's work. */
    public static final int MAX_ENDPOINTS = 64;

    /** Of an endpoint, at a time. */
    public static final int MAX_REPLAYS = 16;

    /** How long a change may take, with its time in the queue. Nobody waits longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** As many as are made within that time. */
    private static final int MAX_WAITING = 64;

    private static final Duration STOP = Duration.ofSeconds(9);

    private final EndpointFollower follower;
    private final EndpointWriter writer;
    private final ThreadPoolExecutor writing;
    private volatile boolean stopping;

    private WebhookRegistry(EndpointFollower follower, EndpointWriter writer) {
        this.follower = follower;
        this.writer = writer;
        this.writing =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "tally-webhook-changes");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Begins to follow the endpoints; connects in the background, for as long as that takes.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param applicationId the ledger's
     */
    public static WebhookRegistry start(Map<String, String> kafka, WebhookTopics topics, String applicationId) {
        String transactionalId = applicationId + "-webhook-endpoints";
        return start(kafka, topics, () -> EndpointWriter.producer(kafka, transactionalId));
    }

    /** Starts with other producers, which tests let fail. */
    static WebhookRegistry start(
            Map<String, String> kafka, WebhookTopics topics, Supplier<Producer<byte[], byte[]>> producers) {
        EndpointFollower follower = new EndpointFollower(kafka, topics.endpoints());
        return new WebhookRegistry(follower, new EndpointWriter(kafka, follower, producers));
    }

    /** Whether it has read to the end that was there at the start. Before, {@link #endpoints} is empty. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /** The endpoints by id, as this instance knows them; does not change. */
    public Map<String, Endpoint> endpoints() {
        return follower.endpoints();
    }

    /** Whether there is a record of this endpoint that cannot be read: it is missing, but was not deleted. */
    public boolean isUnreadable(String id) {
        return follower.unreadable().contains(id);
    }

    /**
     * Calls back after each change, and when it becomes {@linkplain #isCurrent current}.
     *
     * @param listener called on the follower's thread; must return at once and not throw
     */
    public void onChange(Runnable listener) {
        follower.onChange(listener);
    }

    /** An endpoint that was created, or was there before. */
    public record Created(Endpoint endpoint, boolean replayed) {}

    /**
     * Adds an endpoint. One of its id with the same settings is found instead; with others it is refused.
     *
     * @param settings those of the endpoint
     */
    CompletableFuture<Changed<Created>> create(Endpoint endpoint, EndpointSettings settings) {
        return submit(endpoints -> {
            Endpoint there = endpoints.get(endpoint.id());
            if (there != null) {
                return Decision.nothing(
                        settings.areOf(there)
                                ? new Changed.Made<>(new Created(there, true))
                                : new Changed.Refused<>(Refusal.OTHER_SETTINGS));
            }
            return endpoints.size() < MAX_ENDPOINTS
                    ? Decision.put(endpoint, new Created(endpoint, false))
                    : Decision.nothing(new Changed.Refused<>(Refusal.TOO_MANY_ENDPOINTS));
        });
    }

    /**
     * Changes an endpoint, and brings its new version.
     *
     * @param version the one that it must have, or null
     */
    CompletableFuture<Changed<Endpoint>> change(
            String id, @Nullable Long version, Function<Endpoint, Changed<Endpoint>> change) {
        return submit(endpoints -> {
            Endpoint before = endpoints.get(id);
            Changed<Endpoint> changed = allowed(before, version);
            if (before != null && changed instanceof Changed.Made<Endpoint>) {
                changed = change.apply(before);
            }
            return changed instanceof Changed.Made<Endpoint> made
                            && !made.value().equals(before)
                    ? Decision.put(made.value(), made.value())
                    : Decision.nothing(changed);
        });
    }

    /**
     * Takes an endpoint away, and brings it as it was.
     *
     * @param version the one that it must have, or null
     */
    CompletableFuture<Changed<Endpoint>> delete(String id, @Nullable Long version) {
        return submit(endpoints -> {
            Changed<Endpoint> allowed = allowed(endpoints.get(id), version);
            return allowed instanceof Changed.Made<Endpoint> made
                    ? Decision.remove(id, made.value())
                    : Decision.nothing(allowed);
        });
    }

    private static Changed<Endpoint> allowed(@Nullable Endpoint endpoint, @Nullable Long version) {
        if (endpoint == null) {
            return new Changed.Absent<>();
        }
        return version == null || version == endpoint.version()
                ? new Changed.Made<>(endpoint)
                : new Changed.Refused<>(Refusal.OTHER_VERSION);
    }

    /** Lets an endpoint be told something again, beside what is new. */
    CompletableFuture<Changed<Endpoint>> addReplay(String id, Replay replay) {
        return change(id, null, endpoint -> {
            if (endpoint.replays().size() >= MAX_REPLAYS) {
                return new Changed.Refused<>(Refusal.TOO_MANY_REPLAYS);
            }
            List<Replay> open = new ArrayList<>(endpoint.replays());
            open.add(replay);
            return new Changed.Made<>(new Revision(endpoint).replays(open).at(System.currentTimeMillis()));
        });
    }

    /**
     * Stops deliveries to an active endpoint.
     *
     * @param version the one that it must have
     * @return false when it is no longer there, was changed, or is not active. Fails with {@link KafkaException} when it could not be written;
     *     then it is not known whether it was
     */
    public CompletableFuture<Boolean> disable(String id, long version, DisabledReason reason) {
        return submit(endpoints -> {
                    Endpoint endpoint = endpoints.get(id);
                    return endpoint == null || endpoint.version() != version || !endpoint.isActive()
                            ? Decision.nothing(new Changed.Made<>(false))
                            : Decision.put(
                                    new Revision(endpoint).disabled(reason).at(System.currentTimeMillis()), true);
                })
                .thenApply(WebhookRegistry::valueOrThrow);
    }

    /**
     * Takes the range of a partition out of a replay that was told to its end, and the replay itself when none is left.
     *
     * @return false when there was no such range. Fails with {@link KafkaException} when it could not be written; then it is
     *     not known whether it was
     */
    public CompletableFuture<Boolean> rangeDone(String id, String replay, int partition) {
        return submit(endpoints -> {
                    Endpoint endpoint = endpoints.get(id);
                    List<Replay> left = endpoint == null ? List.of() : without(endpoint.replays(), replay, partition);
                    return endpoint == null || left.equals(endpoint.replays())
                            ? Decision.nothing(new Changed.Made<>(false))
                            : Decision.put(new Revision(endpoint).replays(left).at(System.currentTimeMillis()), true);
                })
                .thenApply(WebhookRegistry::valueOrThrow);
    }

    private static List<Replay> without(List<Replay> replays, String id, int partition) {
        return replays.stream()
                .map(replay -> replay.id().equals(id)
                        ? new Replay(
                                replay.id(),
                                replay.requestedAt(),
                                replay.ranges().stream()
                                        .filter(range -> range.partition() != partition)
                                        .toList())
                        : replay)
                .filter(replay -> !replay.ranges().isEmpty())
                .toList();
    }

    private static boolean valueOrThrow(Changed<Boolean> changed) {
        if (changed instanceof Changed.Made<Boolean> made) {
            return made.value();
        }
        throw new KafkaException("Expected the change to be written, but it came to " + changed);
    }

    private <T> CompletableFuture<Changed<T>> submit(Change<T> change) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CompletableFuture<Changed<T>> changed = new CompletableFuture<>();
        try {
            writing.execute(() -> {
                try {
                    changed.complete(
                            stopping
                                    ? new Changed.Unavailable<>("This instance stops")
                                    : writer.write(change, deadline));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    changed.complete(new Changed.Unknown<>());
                } catch (RuntimeException e) {
                    changed.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            changed.complete(new Changed.Unavailable<>("Too many changes of endpoints wait"));
        }
        return changed;
    }

    /** Ends the change under way, if there is one, and takes no more. */
    @Override
    public void close() {
        stopping = true;
        writing.shutdown();
        try {
            if (!writing.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                writing.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        follower.close();
    }
}

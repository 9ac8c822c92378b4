package io.tally.gateway.webhook;

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
    CompletableFuture<UpdateResult<Created>> create(Endpoint endpoint, EndpointSettings settings) {
        return submit(endpoints -> {
            Endpoint there = endpoints.get(endpoint.id());
            if (there != null) {
                return EndpointWrite.nothing(
                        settings.areOf(there)
                                ? new UpdateResult.Made<>(new Created(there, true))
                                : new UpdateResult.Refused<>(UpdateRefusal.OTHER_SETTINGS));
            }
            return endpoints.size() < MAX_ENDPOINTS
                    ? EndpointWrite.put(endpoint, new Created(endpoint, false))
                    : EndpointWrite.nothing(new UpdateResult.Refused<>(UpdateRefusal.TOO_MANY_ENDPOINTS));
        });
    }

    /**
     * Changes an endpoint, and brings its new version.
     *
     * @param version the one that it must have, or null
     */
    CompletableFuture<UpdateResult<Endpoint>> change(
            String id, @Nullable Long version, Function<Endpoint, UpdateResult<Endpoint>> update) {
        return submit(endpoints -> {
            Endpoint before = endpoints.get(id);
            UpdateResult<Endpoint> result = allowed(before, version);
            if (before != null && result instanceof UpdateResult.Made<Endpoint>) {
                result = update.apply(before);
            }
            return result instanceof UpdateResult.Made<Endpoint> made
                            && !made.value().equals(before)
                    ? EndpointWrite.put(made.value(), made.value())
                    : EndpointWrite.nothing(result);
        });
    }

    /**
     * Takes an endpoint away, and brings it as it was.
     *
     * @param version the one that it must have, or null
     */
    CompletableFuture<UpdateResult<Endpoint>> delete(String id, @Nullable Long version) {
        return submit(endpoints -> {
            UpdateResult<Endpoint> allowed = allowed(endpoints.get(id), version);
            return allowed instanceof UpdateResult.Made<Endpoint> made
                    ? EndpointWrite.remove(id, made.value())
                    : EndpointWrite.nothing(allowed);
        });
    }

    private static UpdateResult<Endpoint> allowed(@Nullable Endpoint endpoint, @Nullable Long version) {
        if (endpoint == null) {
            return new UpdateResult.Absent<>();
        }
        return version == null || version == endpoint.version()
                ? new UpdateResult.Made<>(endpoint)
                : new UpdateResult.Refused<>(UpdateRefusal.OTHER_VERSION);
    }

    /** Lets an endpoint be told something again, beside what is new. */
    CompletableFuture<UpdateResult<Endpoint>> addReplay(String id, Replay replay) {
        return change(id, null, endpoint -> {
            if (endpoint.replays().size() >= MAX_REPLAYS) {
                return new UpdateResult.Refused<>(UpdateRefusal.TOO_MANY_REPLAYS);
            }
            List<Replay> open = new ArrayList<>(endpoint.replays());
            open.add(replay);
            return new UpdateResult.Made<>(new Revision(endpoint).replays(open).at(System.currentTimeMillis()));
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
                            ? EndpointWrite.nothing(new UpdateResult.Made<>(false))
                            : EndpointWrite.put(
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
                            ? EndpointWrite.nothing(new UpdateResult.Made<>(false))
                            : EndpointWrite.put(
                                    new Revision(endpoint).replays(left).at(System.currentTimeMillis()), true);
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

    private static boolean valueOrThrow(UpdateResult<Boolean> result) {
        if (result instanceof UpdateResult.Made<Boolean> made) {
            return made.value();
        }
        throw new KafkaException("Expected the change to be written, but it came to " + result);
    }

    private <T> CompletableFuture<UpdateResult<T>> submit(EndpointUpdate<T> update) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CompletableFuture<UpdateResult<T>> result = new CompletableFuture<>();
        try {
            writing.execute(() -> {
                try {
                    result.complete(
                            stopping
                                    ? new UpdateResult.Unavailable<>("This instance stops")
                                    : writer.write(update, deadline));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    result.complete(new UpdateResult.Unknown<>());
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.complete(new UpdateResult.Unavailable<>("Too many changes of endpoints wait"));
        }
        return result;
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

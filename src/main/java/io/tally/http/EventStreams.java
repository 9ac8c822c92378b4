package io.tally.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tally.gateway.FeedPosition;
import io.tally.gateway.Interest;
import io.tally.gateway.OutcomeFeed;
import io.tally.gateway.Position;
import io.tally.gateway.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/events} and {@code GET /v1/user/{id}/events}: committed outcomes as they are committed, as server-sent events
 * (WHATWG HTML, section 9.2). A block's {@code id} is a position; who sends it back, in {@code Last-Event-ID} or as
 * {@code after}, goes on behind it. A user's stream without a position tells the {@code Tally-Position} that it begins behind.
 * Thread-safe.
 */
final class EventStreams implements AutoCloseable {
    /** How many clients listen to one instance; each costs a connection and a few kilobytes. */
    static final int MAX_STREAMS = 1_000;

    /** Half of the time after which the server, and many proxies, close a connection on which nothing is sent. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String AFTER = "after";
    private static final String MEDIA_TYPE = "text/event-stream";

    /** How long a client waits for the brokers before it is told to come back. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** They never wait for a client. */
    private static final int THREADS = 2;

    private final OutcomeFeed feed;
    private final ToIntFunction<String> partitions;
    private final Access access;
    private final Duration heartbeat;
    private final Semaphore places;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor writing;
    private final ScheduledThreadPoolExecutor beating;
    private volatile boolean closed;

    /**
     * Makes the streams.
     *
     * @param partitions the partition of a user
     * @param heartbeat how often a client is told its position, and is asked whether it may still listen
     * @param maxStreams how many there are at a time
     */
    EventStreams(
            OutcomeFeed feed, ToIntFunction<String> partitions, Access access, Duration heartbeat, int maxStreams) {
        this.feed = feed;
        this.partitions = partitions;
        this.access = access;
        this.heartbeat = heartbeat;
        this.places = new Semaphore(maxStreams);
        // Once they are stopped, who has something to do does it: only ends of streams, by then.
        this.writing = ThreadPools.daemon("tally-events", THREADS);
        this.beating = new ScheduledThreadPoolExecutor(
                1, ThreadPools.threads("tally-event-heartbeat"), new ThreadPoolExecutor.DiscardPolicy());
        beating.setRemoveOnCancelPolicy(true);
    }

    /** Adds the calls. */
    void addTo(JavalinConfig config) {
        config.routes.get("/v1/events", ctx -> open(ctx, Interest.everyone()));
        config.routes.get("/v1/user/{id}/events", ctx -> {
            String userId = Parameters.userId(ctx);
            open(ctx, Interest.user(userId, partitions.applyAsInt(userId)));
        });
    }

    private void open(Context ctx, Interest interest) {
        FeedPosition after = position(ctx);
        if (EdgeHandler.isHead(ctx)) {
            // A stream would keep the connection, whose client has all it asked for.
            ctx.contentType(MEDIA_TYPE);
            return;
        }
        EventStream stream = new EventStream(writing, access.standing(ctx));
        if (closed || !places.tryAcquire()) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.UNAVAILABLE, "This instance has as many event streams as it takes"));
        }
        var unused = stream.ended().thenRun(places::release);
        CompletableFuture<Subscription> subscription =
                feed.subscribe(interest, after, stream::wake).orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        ctx.future(() -> subscription.handleAsync(
                (found, failure) -> {
                    if (found == null) {
                        stream.end();
                        Answers.problem(
                                ctx,
                                failure instanceof IllegalArgumentException
                                        ? noPosition(ctx).problem()
                                        : Problem.of(ProblemCode.UNAVAILABLE, "The outcomes cannot be followed now"));
                    } else {
                        ctx.future(() -> begin(ctx, stream, found));
                    }
                    return stream;
                },
                writing));
    }

    private static @Nullable FeedPosition position(Context ctx) {
        String text = resumes(ctx) ? ctx.header(LAST_EVENT_ID) : Query.of(ctx).value(AFTER);
        if (text == null) {
            return null;
        }
        FeedPosition position = FeedPosition.parse(text);
        if (position == null) {
            throw noPosition(ctx);
        }
        return position;
    }

    /** The header is the later one: a client that reconnects asks for the same address again. */
    private static boolean resumes(Context ctx) {
        String header = ctx.header(LAST_EVENT_ID);
        return header != null && !header.isBlank();
    }

    private static RequestRefusedException noPosition(Context ctx) {
        return Parameters.invalid(
                resumes(ctx) ? LAST_EVENT_ID : AFTER, "Expected the id of an event, as it was given in this stream");
    }

    private CompletableFuture<Void> begin(Context ctx, EventStream stream, Subscription subscription) {
        ctx.res().setContentType(MEDIA_TYPE);
        ctx.res().setCharacterEncoding("UTF-8");
        // Proxies of the nginx kind would hold events back.
        ctx.res().setHeader("X-Accel-Buffering", "no");
        Position beginning = subscription.beginning();
        if (beginning != null) {
            ctx.res().setHeader(Parameters.POSITION, beginning.toText());
        }
        streams.add(stream);
        ScheduledFuture<?> beats = beating.scheduleWithFixedDelay(
                stream::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> over = stream.ended().thenRun(() -> {
            streams.remove(stream);
            beats.cancel(false);
            subscription.close();
        });
        try {
            stream.start(subscription, ctx.res().getOutputStream());
        } catch (IOException | IllegalStateException e) {
            // The client has gone already.
            stream.end();
        }
        if (closed) {
            stream.end();
        }
        return over;
    }

    /** Ends all streams at once, also those of clients that do not read. */
    @Override
    public void close() {
        closed = true;
        streams.forEach(EventStream::end);
        beating.shutdownNow();
        writing.shutdown();
    }
}

package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.LedgerGateway;
import io.tally.stream.InstanceAddress;
import io.tally.wire.TraceContext;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests on to the instance that owns their partition, once, with the caller's token. The request names the
 * instance that it is meant for, and the answer says the same name: an address may meanwhile belong to somebody else. No
 * thread waits but those of the client. Thread-safe.
 */
final class Forwarding implements AutoCloseable {
    /** In a request: it was passed on, and to whom. In an answer: who gave it. */
    static final String INSTANCE = "Tally-Instance";

    private static final List<String> REQUEST_HEADERS = List.of(
            "Authorization",
            "Content-Type",
            "Accept",
            IdempotencyKey.HEADER,
            Parameters.POSITION,
            TraceContext.PARENT,
            TraceContext.STATE);
    private static final List<String> ANSWER_HEADERS = List.of(
            "Content-Type",
            "Location",
            "Retry-After",
            Parameters.POSITION,
            OutcomeAnswers.REPLAYED,
            "WWW-Authenticate");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /** Longer than the owner's own patience, so that it is the owner who says that it took too long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /** Well below the time after which servers close idle connections. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Each takes a connection, here and there. */
    private static final int MAX_UNDER_WAY = 512;

    private static final int THREADS = 8;

    private final LedgerGateway ledger;
    private final Executor executor;
    private final String scheme;
    private final Semaphore free = new Semaphore(MAX_UNDER_WAY);

    /**
     * For the client alone: it looks names up on them, which blocks a thread until the system gives up, whatever the time-outs
     * say. Nothing but what is passed on waits for that.
     */
    private final ThreadPoolExecutor threads = ThreadPools.daemon("tally-forwarding", THREADS);

    private final HttpClient client;

    /**
     * Connects to nobody yet.
     *
     * @param tls this instance's certificate, which means that the others speak HTTPS as well; null for plain HTTP
     * @param executor writes the answers
     */
    Forwarding(LedgerGateway ledger, @Nullable Tls tls, Executor executor) {
        this.ledger = ledger;
        this.executor = executor;
        this.scheme = tls == null ? "http://" : "https://";
        // The client must let go of an idle connection before the server closes it under a request; once per process.
        System.setProperty("jdk.httpclient.keepalive.timeout", Long.toString(IDLE.toSeconds()));
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                // Requests carry the callers' tokens, and other instances are near.
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(threads);
        this.client = tls == null
                ? builder.build()
                : builder.sslContext(tls.clientContext()).build();
    }

    /** What came of passing a request on. */
    sealed interface Result {
        /** The other instance has answered. */
        record Answered(int status, Map<String, String> headers, byte[] body) implements Result {}

        /** It did not take the request: nothing was done. */
        record NotTaken(String reason) implements Result {}

        /** It may have taken the request. */
        record Lost() implements Result {}
    }

    /** Whether another instance has passed the request on to this one. */
    static boolean wasForwarded(Context ctx) {
        return ctx.header(INSTANCE) != null;
    }

    /** Refuses a request that was passed on to another instance than this one. */
    void check(Context ctx) {
        String name = ctx.header(INSTANCE);
        if (name == null) {
            return;
        }
        if (!name.equals(ledger.name())) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.MISDIRECTED, "Ask the cluster anew which instance owns the partition"));
        }
        ctx.header(INSTANCE, name);
    }

    /**
     * Passes the request on and answers with what comes back.
     *
     * @param more headers that are set beside those of the caller
     * @throws RequestRefusedException if it was passed on before
     */
    CompletableFuture<Void> relay(Context ctx, InstanceAddress owner, Map<String, String> more) {
        return forward(ctx, owner, more).thenAcceptAsync(result -> answer(ctx, result), executor);
    }

    /**
     * Passes the request on. The future never fails.
     *
     * @throws RequestRefusedException if it was passed on before
     */
    CompletableFuture<Result> forward(Context ctx, InstanceAddress owner, Map<String, String> more) {
        return forward(ctx, owner, more, ctx.bodyAsBytes());
    }

    /** Passes the request on with another body than its own. */
    CompletableFuture<Result> forward(Context ctx, InstanceAddress owner, Map<String, String> more, byte[] body) {
        if (wasForwarded(ctx)) {
            throw new RequestRefusedException(Problem.unavailable("The partition is moving between instances"));
        }
        if (!owner.isReachable()) {
            return CompletableFuture.completedFuture(
                    new Result.NotTaken("The partition's instance has an address that nobody can reach"));
        }
        HttpRequest request = request(ctx, owner, more, body);
        // What has lost its time stays in the queue until a thread comes to it.
        if (threads.getQueue().size() >= MAX_UNDER_WAY || !free.tryAcquire()) {
            return CompletableFuture.completedFuture(
                    new Result.NotTaken("Too many requests are being passed on to other instances"));
        }
        String name = ledger.nameOf(owner);
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(
                request,
                answer -> name.equals(answer.headers().firstValue(INSTANCE).orElse(null))
                        ? HttpResponse.BodySubscribers.ofByteArray()
                        // Whoever that is, its answer is none of ours and may be endless.
                        : HttpResponse.BodySubscribers.replacing(new byte[0]));
        // The client's own time-out ends with the answer's head.
        return exchange.copy()
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    free.release();
                    exchange.cancel(true);
                    return failure == null ? result(response, name) : result(failure);
                });
    }

    private HttpRequest request(Context ctx, InstanceAddress owner, Map<String, String> more, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(scheme + owner.hostAndPort() + ctx.path() + query(ctx)))
                .timeout(TIMEOUT)
                .method(ctx.method().name(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String header : REQUEST_HEADERS) {
            String value = ctx.header(header);
            if (value != null) {
                request.setHeader(header, value);
            }
        }
        more.forEach(request::setHeader);
        return request.setHeader(INSTANCE, ledger.nameOf(owner)).build();
    }

    private static String query(Context ctx) {
        String query = Query.of(ctx).encoded();
        return query.isEmpty() ? "" : "?" + query;
    }

    private static Result result(HttpResponse<byte[]> response, String name) {
        if (!name.equals(response.headers().firstValue(INSTANCE).orElse(null))) {
            // Other answers may come from between us, after the instance has got the request.
            return response.statusCode() == ProblemCode.MISDIRECTED.status()
                    ? new Result.NotTaken("The partition's instance is not there any more")
                    : new Result.Lost();
        }
        Map<String, String> headers = new HashMap<>();
        for (String header : ANSWER_HEADERS) {
            response.headers().firstValue(header).ifPresent(value -> headers.put(header, value));
        }
        return new Result.Answered(response.statusCode(), headers, response.body());
    }

    private static Result result(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ConnectException
                        || cause instanceof HttpConnectTimeoutException
                        || cause instanceof SSLHandshakeException
                ? new Result.NotTaken("The partition's instance does not answer")
                : new Result.Lost();
    }

    /** Writes what came of it. */
    void answer(Context ctx, Result result) {
        if (result instanceof Result.Answered answered) {
            ctx.status(answered.status());
            answered.headers().forEach(ctx::header);
            ctx.result(answered.body());
        } else {
            Answers.problem(ctx, problem(ctx, result));
        }
    }

    /** The problem of a request that was not answered. */
    static Problem problem(Context ctx, Result result) {
        if (result instanceof Result.NotTaken notTaken) {
            return Problem.unavailable(notTaken.reason());
        }
        return Access.isReading(ctx.method())
                ? Problem.unavailable("The partition's instance did not answer")
                : Problem.outcomeUnknown("The partition's instance did not answer");
    }

    /** Ends the client's threads. */
    @Override
    public void close() {
        threads.shutdown();
    }
}

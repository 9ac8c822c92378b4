package io.tally.webhook;

import io.tally.wire.webhook.Attempt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, and what is read of its answer. Jetty calls one after the other. From the moment that its head is complete there
 * is an answer, whatever becomes of the body.
 */
final class Exchange implements Response.Listener {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /** Of the body, bytes. */
    private static final int MAX_READ = 4 * 1024;

    private static final Throwable ENOUGH = new Enough();

    private final long at = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private final FailureText failures;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    private final AnswerText answer = new AnswerText();
    private @Nullable Thread sending = Thread.currentThread();
    private volatile @Nullable Request request;
    private int status;
    private @Nullable Duration retryAfter;

    /** Begins one; {@link #done} says who is told of its end. */
    Exchange(FailureText failures) {
        this.failures = failures;
    }

    /** When it began, milliseconds since 1970 UTC. */
    long at() {
        return at;
    }

    /**
     * Says who is told of the end, once. Told by the thread that comes to it, but never by the one that sends: there it could send
     * again, and again.
     *
     * @param latest when an end is made of it that Jetty has lost; much later than the time-out
     */
    void done(Consumer<AttemptResult> listener, Executor executor, Duration latest) {
        var unused = result.orTimeout(latest.toMillis(), TimeUnit.MILLISECONDS).whenComplete((given, lost) -> {
            AttemptResult end = given == null ? lost() : given;
            if (sending == Thread.currentThread()) {
                try {
                    executor.execute(() -> tell(listener, end));
                    return;
                } catch (RejectedExecutionException e) {
                    log.debug("The client has stopped, so that its threads tell nobody", e);
                }
            }
            tell(listener, end);
        });
    }

    private static void tell(Consumer<AttemptResult> listener, AttemptResult end) {
        try {
            listener.accept(end);
        } catch (RuntimeException e) {
            log.error("Whoever was told of an attempt failed", e);
        }
    }

    /** Nothing may wait for ever for an end that does not come, and the connection cannot be used again. */
    private AttemptResult lost() {
        log.warn("The HTTP client has lost a request; it counts as one without an answer");
        Request sent = request;
        if (sent != null && sent.getConnection() != null) {
            sent.getConnection().close();
        }
        return failure(new TimeoutException());
    }

    /** Sends on the thread that began it. */
    void send(Request filled) {
        request = filled;
        filled.send(this);
    }

    /** Says that the thread that began it has done its part. */
    void leave() {
        sending = null;
    }

    @Override
    public void onHeaders(Response response) {
        status = response.getStatus();
        if (status == HttpStatus.TOO_MANY_REQUESTS_429 || status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            retryAfter = RetryAfter.parse(response.getHeaders().get(HttpHeader.RETRY_AFTER), Instant.now());
        }
        if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
            drop(response);
        }
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
        answer.add(content);
        if (answer.length() > MAX_READ) {
            drop(response);
        }
    }

    /** Closes the connection; the exchange is complete then. */
    private static void drop(Response response) {
        var unused = response.abort(ENOUGH);
    }

    @Override
    public void onComplete(Result end) {
        Throwable failure = end.getFailure();
        if (status == 0 && failure != null) {
            fail(failure);
        } else {
            result.complete(new AttemptResult(new Attempt(at, status, latencyMs(), null, answer.text()), retryAfter));
        }
    }

    void fail(Throwable failure) {
        result.complete(failure(failure));
    }

    private AttemptResult failure(Throwable failure) {
        return new AttemptResult(new Attempt(at, 0, latencyMs(), failures.of(failure), null), null);
    }

    private long latencyMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /** Says that enough was read. Has no trace: there is one for all. */
    private static final class Enough extends Exception {
        Enough() {
            super("Enough was read", null, false, false);
        }
    }
}

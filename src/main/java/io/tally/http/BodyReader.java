package io.tally.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body as it comes, without a thread that waits, and only then lets the request be handled. Refuses one
 * that is too long, before it is read where its length is announced, and one that is too slow. Memory grows with what has
 * come and not with what was announced.
 */
final class BodyReader {
    private enum Progress {
        WAITING,
        COMPLETE,
        REFUSED
    }

    private final Request request;
    private final UnreadAnswer answer;
    private final int most;
    private final WaitingBytes waiting;
    private final Patience patience;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(512);
    private Scheduler.@Nullable Task deadline;
    /** Whether Jetty will tell when more has come, so that nobody reads at the moment. */
    private boolean awaiting;

    private boolean expired;
    private boolean nothingCame = true;
    private int discarded;

    /**
     * Makes a reader for one request.
     *
     * @param most the longest body that is taken, in bytes
     */
    BodyReader(Request request, UnreadAnswer answer, int most, WaitingBytes waiting, Patience patience) {
        this.request = request;
        this.answer = answer;
        this.most = most;
        this.waiting = waiting;
        this.patience = patience;
    }

    /**
     * Begins to read.
     *
     * @param next takes the request when its body is there, on a thread that reads for others as well
     */
    void read(Consumer<Request> next) {
        if (request.getLength() > most) {
            refuse(tooLarge());
            return;
        }
        Progress progress = readAvailable();
        if (progress == Progress.COMPLETE) {
            next.accept(withBody());
        }
        if (progress == Progress.WAITING) {
            awaitMore(() -> readMore(next));
        }
    }

    private void readMore(Consumer<Request> next) {
        Progress progress = readAvailable();
        if (progress == Progress.COMPLETE) {
            cancelDeadline();
            next.accept(withBody());
        }
        if (progress == Progress.WAITING) {
            awaitMore(() -> readMore(next));
        }
    }

    /** Calls back when there is more to read, or the time is over. */
    private void awaitMore(Runnable then) {
        synchronized (this) {
            if (deadline == null) {
                deadline = request.getComponents()
                        .getScheduler()
                        .schedule(this::expire, patience.body().toMillis(), TimeUnit.MILLISECONDS);
            }
            awaiting = true;
        }
        request.demand(() -> {
            synchronized (this) {
                awaiting = false;
            }
            then.run();
        });
    }

    private Progress readAvailable() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (isExpired()) {
                refuse(Problem.of(
                        ProblemCode.REQUEST_TIMEOUT,
                        "Expected the whole body within " + patience.body().toSeconds() + " s"));
                return Progress.REFUSED;
            }
            if (chunk == null && waiting.tooMany()) {
                // Of those who keep us waiting only: a body that comes at once is gone from here in no time.
                refuse(Problem.of(
                        ProblemCode.UNAVAILABLE,
                        "Too many bodies come slowly; nothing was written, try again in a second"));
                return Progress.REFUSED;
            }
            if (chunk == null) {
                return Progress.WAITING;
            }
            if (Content.Chunk.isFailure(chunk)) {
                // The client is gone, or its chunks are no chunks.
                refuse(Problem.of(ProblemCode.INVALID_REQUEST, "Expected a body that can be read to its end"));
                return Progress.REFUSED;
            }
            take(chunk);
            if (body.size() > most) {
                refuse(tooLarge());
                return Progress.REFUSED;
            }
            if (chunk.isLast()) {
                return Progress.COMPLETE;
            }
        }
    }

    private void take(Content.Chunk chunk) {
        byte[] bytes = BufferUtil.toArray(chunk.getByteBuffer());
        chunk.release();
        nothingCame &= bytes.length == 0;
        body.writeBytes(bytes);
        waiting.add(bytes.length);
    }

    private synchronized boolean isExpired() {
        return expired;
    }

    private void expire() {
        boolean wake;
        synchronized (this) {
            expired = true;
            wake = awaiting;
        }
        if (wake) {
            request.fail(new TimeoutException("The body did not come in time"));
        }
    }

    private synchronized void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
        }
    }

    private Problem tooLarge() {
        return Problem.of(ProblemCode.TOO_LARGE, "Expected a body of at most " + most + " bytes");
    }

    private void refuse(Problem problem) {
        release();
        answer.getHeaders().put(HttpHeader.CONNECTION, "close");
        JettyProblems.write(answer, problem, Callback.from(this::discard, this::fail));
    }

    /**
     * Reads on for a while without keeping anything: to close a connection on which the client still sends is to reset it,
     * and then the client may never see the answer (RFC 9112, 9.6). Who was refused for being slow has had that time already.
     */
    private void discard() {
        if (nothingCame && HttpHeaderValue.CONTINUE.is(request.getHeaders().get(HttpHeader.EXPECT))) {
            // It asked first, and does not send.
            end();
            return;
        }
        while (discarded <= EdgeLimits.DISCARDED_BYTES && !isExpired()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                awaitMore(this::discard);
                return;
            }
            boolean end = chunk.isLast() || Content.Chunk.isFailure(chunk);
            discarded += chunk.remaining();
            chunk.release();
            if (end) {
                break;
            }
        }
        end();
    }

    private void end() {
        cancelDeadline();
        answer.succeeded();
    }

    private void fail(Throwable cause) {
        cancelDeadline();
        answer.failed(cause);
    }

    /** Nothing of the body is kept from here on. */
    private void release() {
        waiting.add(-body.size());
        body = new ByteArrayOutputStream(0);
    }

    private Request withBody() {
        byte[] whole = body.toByteArray();
        release();
        return new BodyRequest(request, whole);
    }

    /** A request whose body has been read. */
    private static final class BodyRequest extends Request.Wrapper {
        private final Content.Source source;
        private final long length;

        BodyRequest(Request request, byte[] body) {
            super(request);
            source = new ByteBufferContentSource(ByteBuffer.wrap(body));
            length = body.length;
        }

        @Override
        public long getLength() {
            return length;
        }

        @Override
        public Content.Chunk read() {
            return source.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            source.demand(demandCallback);
        }
    }
}

package io.tally.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * An answer that its writer need not stay with while the client reads it: up to {@link EdgeLimits#UNREAD_BYTES} count as
 * written at once. Who does not read for {@link Patience#unread()}, or while too much waits for slow readers, loses the
 * connection. Event streams go through as they are, since they have rules of their own for slow readers. Thread-safe.
 */
final class UnreadAnswer extends Response.Wrapper implements Callback {
    private record Piece(boolean last, @Nullable ByteBuffer content, int held, Callback written) {}

    private final Callback completion;
    private final WaitingBytes waiting;
    private final Patience patience;
    private final Writer writer = new Writer();
    private final Deque<Piece> pieces = new ArrayDeque<>();
    /** Of pieces that are queued or being written. */
    private int pending;

    private int held;
    private boolean finished;
    private @Nullable Throwable failure;
    private Scheduler.@Nullable Task deadline;

    /**
     * Wraps an answer.
     *
     * @param completion told when the handler is done and everything is written
     */
    UnreadAnswer(Request request, Response answer, Callback completion, WaitingBytes waiting, Patience patience) {
        super(request, answer);
        this.completion = completion;
        this.waiting = waiting;
        this.patience = patience;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (isEventStream()) {
            super.write(last, content, callback);
            return;
        }
        int length = BufferUtil.length(content);
        Throwable failed;
        boolean taken;
        synchronized (this) {
            failed = failure;
            taken = failed == null && held + length <= EdgeLimits.UNREAD_BYTES;
            if (failed == null) {
                pieces.add(
                        taken
                                ? new Piece(last, BufferUtil.copy(content), length, Callback.NOOP)
                                : new Piece(last, content, 0, callback));
                pending++;
                held += taken ? length : 0;
                waiting.add(taken ? length : 0);
            }
        }
        if (failed != null) {
            callback.failed(failed);
            return;
        }
        writer.iterate();
        limitUnread();
        if (taken) {
            callback.succeeded();
        }
    }

    private boolean isEventStream() {
        String type = getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream");
    }

    /** The socket has not taken everything: sets the time that the client has. */
    private void limitUnread() {
        boolean give;
        synchronized (this) {
            if (pending == 0 || failure != null) {
                return;
            }
            give = waiting.tooMany();
            if (!give && deadline == null) {
                deadline = getRequest()
                        .getComponents()
                        .getScheduler()
                        .schedule(this::giveUp, patience.unread().toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        if (give) {
            giveUp();
        }
    }

    private void giveUp() {
        getRequest().fail(new TimeoutException("The client does not read its answer"));
    }

    /** The handler is done. */
    @Override
    public void succeeded() {
        Throwable failed;
        synchronized (this) {
            finished = true;
            failed = failure;
            if (failed == null && pending > 0) {
                return;
            }
        }
        complete(failed);
    }

    /** The handler has failed. */
    @Override
    public void failed(Throwable cause) {
        completion.failed(cause);
    }

    private void complete(@Nullable Throwable failed) {
        if (failed == null) {
            completion.succeeded();
        } else {
            completion.failed(failed);
        }
    }

    /** Passes the pieces on, one after the other. */
    private final class Writer extends IteratingCallback {
        private @Nullable Piece piece;

        @Override
        protected Action process() {
            Piece next;
            synchronized (UnreadAnswer.this) {
                next = pieces.poll();
            }
            piece = next;
            if (next == null) {
                return Action.IDLE;
            }
            getWrapped().write(next.last(), next.content(), this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            Piece written = piece;
            boolean complete;
            synchronized (UnreadAnswer.this) {
                pending--;
                release(written == null ? 0 : written.held());
                complete = pending == 0 && finished;
                if (pending == 0 && deadline != null) {
                    deadline.cancel();
                    deadline = null;
                }
            }
            if (written != null) {
                written.written().succeeded();
            }
            if (complete) {
                complete(null);
            }
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            List<Piece> lost = new ArrayList<>();
            boolean complete;
            synchronized (UnreadAnswer.this) {
                failure = cause;
                if (piece != null) {
                    lost.add(piece);
                }
                lost.addAll(pieces);
                pieces.clear();
                pending = 0;
                release(held);
                complete = finished;
                if (deadline != null) {
                    deadline.cancel();
                }
            }
            lost.forEach(unwritten -> unwritten.written().failed(cause));
            if (complete) {
                complete(cause);
            }
        }

        private void release(int bytes) {
            held -= bytes;
            waiting.add(-bytes);
        }
    }
}

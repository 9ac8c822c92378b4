package io.tally.http;

import io.tally.gateway.FeedBatch;
import io.tally.gateway.OutcomeEvent;
import io.tally.gateway.Position;
import io.tally.gateway.Subscription;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of server-sent events. No thread waits for the client: what does not go out now goes out when the
 * server says that it can. Only one chunk is kept here, the rest stays in the feed; who is so slow that the feed has
 * passed on is cut off, and comes back with the last position that it has read. Thread-safe.
 */
final class EventStream implements WriteListener {
    private static final int CHUNK_EVENTS = 64;

    /** Then it is the others' turn: a stream that always has something to send would keep its thread. */
    private static final int CHUNKS_IN_A_ROW = 16;

    private static final String RESET =
            "event: reset\ndata: {\"detail\":\"Outcomes may be missing before this event. Read the"
                    + " state again, and skip those of what follows whose sequence it has.\"";

    private final Executor executor;
    private final BooleanSupplier allowed;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    // All below is guarded by this.
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    private @Nullable ServletOutputStream output;
    private @Nullable Subscription subscription;
    private boolean writable;
    private boolean unflushed;
    private boolean over;
    /** The client is to be told its position, first of all at the beginning. */
    private boolean beat = true;

    /**
     * Makes a stream that does not run yet.
     *
     * @param executor writes; its threads never wait for a client
     * @param allowed whether the client may still listen
     */
    EventStream(Executor executor, BooleanSupplier allowed) {
        this.executor = executor;
        this.allowed = allowed;
    }

    /** Begins; the request must be asynchronous by now. */
    void start(Subscription from, ServletOutputStream to) {
        synchronized (this) {
            subscription = from;
            output = to;
        }
        to.setWriteListener(this);
    }

    /** Completed when the stream is over, for whatever reason. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            writable = true;
        }
        send();
    }

    @Override
    public void onError(Throwable failure) {
        // Clients go away; that is no failure of ours.
        end();
    }

    /** There may be something to send. Returns at once. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(() -> {
                scheduled.set(false);
                send();
            });
        }
    }

    /** Tells the client its position, which keeps the connection alive, if it may still listen. Returns at once. */
    void beat() {
        if (!allowed.getAsBoolean()) {
            end();
            return;
        }
        synchronized (this) {
            beat = true;
        }
        wake();
    }

    /** Ends the stream. What the client has not read is lost to it until it comes back. */
    void end() {
        synchronized (this) {
            // Nobody may write any more when the server is told: the output could be another answer's by then.
            over = true;
        }
        ended.complete(null);
    }

    private void send() {
        boolean cutOff;
        try {
            cutOff = write();
        } catch (IOException e) {
            cutOff = true;
        }
        if (cutOff) {
            end();
        }
    }

    /** Writes until there is nothing left, or the client does not take more. Returns whether it is to be cut off. */
    private synchronized boolean write() throws IOException {
        if (output == null || subscription == null || !writable || over) {
            return false;
        }
        for (int chunks = 0; output.isReady(); chunks++) {
            if (chunks == CHUNKS_IN_A_ROW) {
                wake();
                return false;
            }
            fill(subscription);
            if (chunk.size() > 0) {
                output.write(chunk.toByteArray());
                chunk.reset();
                unflushed = true;
            } else if (unflushed) {
                output.flush();
                unflushed = false;
            } else {
                break;
            }
        }
        return subscription.isBehind();
    }

    private void reset(@Nullable Position beginning) {
        String position = beginning == null ? "" : ",\"position\":\"" + beginning.toText() + "\"";
        chunk.writeBytes((RESET + position + "}\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void fill(Subscription from) {
        FeedBatch batch = from.take(CHUNK_EVENTS);
        for (FeedBatch.Item item : batch.events()) {
            id(item.position());
            event(item.outcome());
        }
        switch (batch.state()) {
            case RESET -> {
                id(batch.position());
                reset(from.beginning());
            }
            case NEXT -> {
                if (beat) {
                    id(batch.position());
                    chunk.write('\n');
                }
            }
            case BEHIND -> {}
        }
        beat = false;
    }

    private void id(String position) {
        text("id: ");
        text(position);
        chunk.write('\n');
    }

    private void event(OutcomeEvent outcome) {
        text("event: ");
        text(outcome.type());
        text("\ndata: ");
        chunk.writeBytes(outcome.json());
        text("\n\n");
    }

    private void text(String ascii) {
        chunk.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }
}

package io.tally.app.send;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commands read ahead on a thread of their own, so that a source that is slow to give its next line does not keep the
 * sender from hearing its answers. Thread-safe.
 */
public final class ReadAhead {
    private static final int MAX_COMMANDS = 2_000;

    /** Where commands come from. */
    public interface Source {
        /** The next one, or null at the end. */
        @Nullable
        OutgoingCommand next() throws IOException;
    }

    private final BlockingQueue<OutgoingCommand> queue = new ArrayBlockingQueue<>(MAX_COMMANDS);
    private volatile boolean ended;
    private volatile @Nullable Exception failure;

    private ReadAhead() {}

    /** Starts to read. */
    public static ReadAhead from(Source source) {
        ReadAhead commands = new ReadAhead();
        Thread thread = new Thread(() -> commands.read(source), "tally-send-input");
        thread.setDaemon(true);
        thread.start();
        return commands;
    }

    private void read(Source source) {
        try {
            for (OutgoingCommand next = source.next(); next != null; next = source.next()) {
                queue.put(next);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = true;
    }

    /** The next command, or null when there is none in this time. */
    @Nullable
    OutgoingCommand poll(long timeoutMillis) throws InterruptedException {
        return timeoutMillis == 0 || ended ? queue.poll() : queue.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** Whether all were given out. */
    boolean exhausted() {
        return ended && queue.isEmpty();
    }

    /** Why reading ended early, or null. */
    public @Nullable Exception failure() {
        return failure;
    }
}

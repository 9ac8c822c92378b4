package io.tally.app;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;

/** Standard input of a program that gives twenty lines a second. Confined to one thread. */
final class SlowLines extends InputStream {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Iterator<String> lines;
    private byte[] line = {};
    private int next;

    SlowLines(Iterator<String> lines) {
        this.lines = lines;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    /** Gives what is left of a line at most, since a reader waits until its buffer is full or this returns less. */
    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (next == line.length) {
            if (!lines.hasNext()) {
                return -1;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            line = (lines.next() + "\n").getBytes(StandardCharsets.UTF_8);
            next = 0;
        }
        int count = Math.min(length, line.length - next);
        System.arraycopy(line, next, buffer, offset, count);
        next += count;
        return count;
    }
}

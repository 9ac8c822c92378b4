package io.tally.stream;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk of the stores has room. A store that cannot write ends the process, and so does each start after it; who
 * takes no requests before that has time to be given room. Thread-safe.
 */
final class DiskFloor {
    private static final Logger log = LoggerFactory.getLogger(DiskFloor.class);
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

    private final Path directory;
    private final long minFreeBytes;
    private long lookedAt = System.nanoTime() - PERIOD;
    private boolean holds = true;

    /**
     * Sets the floor.
     *
     * @param directory on the disk, once it exists
     * @param minFreeBytes bytes that must be free; 0 for no floor
     */
    DiskFloor(Path directory, long minFreeBytes) {
        this.directory = directory;
        this.minFreeBytes = minFreeBytes;
    }

    /** Whether as much is free as must be, as of a second ago at most. */
    synchronized boolean holds() {
        long now = System.nanoTime();
        if (minFreeBytes > 0 && now - lookedAt >= PERIOD) {
            lookedAt = now;
            look(directory.toFile().getUsableSpace());
        }
        return holds;
    }

    private void look(long freeBytes) {
        boolean held = holds;
        holds = freeBytes >= minFreeBytes;
        if (held && !holds) {
            log.error(
                    "Only {} MiB are free for {}; not ready until it is {} MiB",
                    freeBytes >> 20,
                    directory,
                    minFreeBytes >> 20);
        } else if (!held && holds) {
            log.info("{} MiB are free again for {}", freeBytes >> 20, directory);
        }
    }
}

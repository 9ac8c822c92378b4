package io.tally.peers;

import java.nio.file.Path;

/** Somebody who decides commands, or at least copies them. */
sealed interface Peer permits KafkaPeer, PostgresPeer {
    /** As tables have it. */
    String title();

    /**
     * Starts, warms up, measures, and checks what came of it.
     *
     * @param directory empty, for data and logs
     */
    Measured measure(PeersSettings settings, Path directory) throws Exception;
}

package io.tally.peers;

import io.tally.app.load.CommittedRecords;
import io.tally.app.load.Drain;
import io.tally.app.load.Preload;
import io.tally.stream.LedgerTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays commands ready and times how fast they are decided, again and again. How many there are at a time follows from how fast
 * the last ones were: each peer is warm for as long, and is measured for as long.
 */
final class Load implements AutoCloseable {
    private static final int FIRST = 20_000;

    /** Written ahead in one transaction, which may be open for some minutes. */
    private static final int MOST = 4_000_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PeersSettings settings;
    private final Preload preload;
    private final CommittedRecords output;
    private final List<String> faults = new ArrayList<>();
    private long written;
    private double perSecond;

    Load(String bootstrapServers, PeersSettings settings) {
        LedgerTopics topics = LedgerTopics.of("", "");
        this.settings = settings;
        this.preload = new Preload(bootstrapServers, topics.input(), settings.workload());
        this.output = CommittedRecords.inBulk(bootstrapServers, topics.output());
    }

    /** Has commands decided for the time of the warm-up, not counting when they are laid ready. */
    void warmUp() {
        drain(FIRST);
        double left = settings.warmUp().toSeconds();
        while (left > 0) {
            left -= drain((long) (perSecond * Math.max(1, left))).seconds();
        }
    }

    Measured measure() {
        Drain drain = drain((long) (perSecond * settings.time().toSeconds()));
        return new Measured(drain.perSecond(), drain.counted(), faults);
    }

    private Drain drain(long wanted) {
        long commands = Math.min(MOST, Math.max(FIRST, wanted));
        preload.write(written, written + commands);
        written += commands;
        preload.release();
        Drain drain = Drain.await(output, commands, PATIENCE);
        if (drain.records() != commands) {
            throw new IllegalStateException("Expected " + commands + " outcomes, but there are " + drain.records());
        }
        perSecond = drain.seconds() > 0 ? drain.perSecond() : perSecond;
        return drain;
    }

    /** How many commands were laid ready so far. */
    long written() {
        return written;
    }

    @Override
    public void close() {
        output.close();
        preload.close();
    }
}

package io.tally.app.bench;

import io.tally.app.load.CommittedRecords;
import io.tally.app.load.Drain;
import io.tally.app.load.OpenLoop;
import io.tally.app.load.Preload;
import io.tally.app.load.Workload;
import io.tally.app.load.WorkloadCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives one workload to a ledger, stretch by stretch, and holds in the end all that came of it against the model. */
final class CommandFeed implements AutoCloseable {
    /** How long no outcome may come. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LocalLedger ledger;
    private final Workload workload;
    private final Preload preload;
    private long sent;
    private long ready;
    private @Nullable OpenLoop loop;

    CommandFeed(LocalLedger ledger, Workload workload) {
        this.ledger = ledger;
        this.workload = workload;
        this.preload = new Preload(ledger.kafka(), LocalLedger.TOPICS.input(), workload);
    }

    Workload workload() {
        return workload;
    }

    /** How many commands the ledger has been given. */
    long sent() {
        return sent;
    }

    /** Writes commands where the ledger does not see them yet. */
    void layReady(long commands) {
        preload.write(sent + ready, sent + ready + commands);
        ready += commands;
    }

    /** Lets the ledger see what lies ready, and waits for the outcomes. */
    Drain drain() {
        try (CommittedRecords output = CommittedRecords.inBulk(ledger.kafka(), LocalLedger.TOPICS.output())) {
            long commands = ready;
            preload.release();
            sent += commands;
            ready = 0;
            return Drain.await(output, commands, PATIENCE);
        }
    }

    /** Sends at a rate for a time, and waits for the outcomes. Clients stay connected for the next time at a like rate. */
    OpenLoop.Result offer(int perSecond, Duration time) throws InterruptedException {
        OpenLoop.Result result = loop(OpenLoop.linger(perSecond)).run(sent, perSecond, time);
        sent += result.sent();
        return result;
    }

    private OpenLoop loop(int linger) {
        OpenLoop open = loop;
        if (open == null || open.linger() != linger) {
            disconnect();
            open = new OpenLoop(
                    ledger.kafka(), LocalLedger.TOPICS.input(), LocalLedger.TOPICS.output(), workload, linger);
            loop = open;
        }
        return open;
    }

    private void disconnect() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }

    /**
     * Brings the ledger to so many commands.
     *
     * @throws IOException if outcomes are missing
     */
    void fill(long commands, long step) throws IOException {
        while (sent < commands) {
            long next = Math.min(step, commands - sent);
            layReady(next);
            Drain drain = drain();
            if (drain.records() != next) {
                throw new IOException("Expected " + next + " outcomes, but got " + drain.records());
            }
        }
    }

    /** Reads every outcome there is, and asks for the balances of some users. */
    List<String> verify() throws IOException {
        WorkloadCheck check = new WorkloadCheck(workload, sent);
        List<String> contradictions = new ArrayList<>(check.read(ledger.kafka(), LocalLedger.TOPICS.output()));
        contradictions.addAll(new BalanceSample(new HttpTarget(ledger.http()), workload).contradictions(check.model()));
        return contradictions;
    }

    @Override
    public void close() {
        preload.close();
        disconnect();
    }
}

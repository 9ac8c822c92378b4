package io.tally.wire;

import io.tally.app.load.Workload;
import io.tally.ledger.Command;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Source;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a record's bytes to a command, and from an entry to an outcome's bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
    private static final int COMMANDS = 1 << 12;
    private static final long RECORDED_AT = 1_700_000_000_000L;

    private final CommandDecoder decoder = new CommandDecoder(CurrencyTables.bundled(), "USD");
    private final OutcomeEncoder encoder = new OutcomeEncoder(CurrencyTables.bundled());
    private final byte[][] keys = new byte[COMMANDS][];
    private final byte[][] values = new byte[COMMANDS][];
    private final JournalEntry[] entries = new JournalEntry[COMMANDS];
    private int next;

    /** Prepares different commands: one that is always the same would be predicted. */
    public WireBenchmark() {
        Workload workload = new Workload(1, 100_000, false);
        for (int i = 0; i < COMMANDS; i++) {
            keys[i] = workload.key(i);
            values[i] = workload.json(i);
            Command command = ((Decoded.Valid) decoder.decode(keys[i], values[i], RECORDED_AT)).command();
            entries[i] = new JournalEntry(command, i + 1, 1_000_000L + i, null, RECORDED_AT, new Source(0, i));
        }
    }

    private int next() {
        return next = next + 1 & COMMANDS - 1;
    }

    /** Bytes in, command out. */
    @Benchmark
    public Decoded decodeCommand() {
        int i = next();
        return decoder.decode(keys[i], values[i], RECORDED_AT);
    }

    /** Entry in, bytes out. */
    @Benchmark
    public byte[] encodeOutcome() {
        return encoder.encode(entries[next()]);
    }
}

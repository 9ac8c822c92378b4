package io.tally.store;

import io.tally.ledger.JournalEntry;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Real RocksDB with a million entries: what a command costs there, and what a look-up does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class StoreBenchmark {
    private final SplittableRandom random = new SplittableRandom(1);

    /** One of {@link FilledStore#BATCH} commands: decided, put, and its share of the commit. */
    @Benchmark
    @OperationsPerInvocation(FilledStore.BATCH)
    public void putAndCommit(FilledStore store) {
        store.transact();
    }

    /** A uid of the ledger, at random. */
    @Benchmark
    public @Nullable JournalEntry findUid(FilledStore store) {
        long command = random.nextLong(FilledStore.ENTRIES);
        String userId = store.workload.userId(store.workload.user(command));
        return store.db().read(reader -> reader.entry(userId, store.workload.uid(command)));
    }

    /** A uid that was never used: what every new command asks for. */
    @Benchmark
    public @Nullable JournalEntry missUid(FilledStore store) {
        String userId = store.workload.userId(random.nextInt(store.workload.users()));
        UUID uid = new UUID(random.nextLong(), random.nextLong());
        return store.db().read(reader -> reader.entry(userId, uid));
    }

    /** A balance at a random date. */
    @Benchmark
    public @Nullable Long balanceAtDate(FilledStore store) {
        int user = random.nextInt(store.workload.users());
        long at = store.workload.effectiveMillis(random.nextLong(FilledStore.ENTRIES));
        return store.db().read(reader -> reader.balanceAt(store.account(user), at));
    }
}

package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.faults.LedgerCluster.Audited;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share the partitions: whoever joins, leaves or dies under load, each partition has one that speaks for it. */
@Tag("proof")
class TakeoverIT {
    private static final int PER_SECOND = 4_000;
    private static final int USERS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldHandOverPartitionsUnderLoadWithoutLosingACent() throws Exception {
        System.out.println("seed " + seed);
        CommandGenerator commands =
                new CommandGenerator(seed, "transactions-in", Mix.rough(USERS, LedgerCluster.PARTITIONS));
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            cluster.startAndAwait("one", LedgerCluster.SHARED);
            try (Load load = Load.startEndless(cluster.bootstrapServers(), commands, PER_SECOND);
                    Witness witness = Witness.start(cluster.balances(), "one", "two")) {
                cluster.awaitCommitted(5_000);

                // When
                Duration joined = join(cluster);
                int exitCode = cluster.instance("two").terminate();
                Duration afterLeaving = awaitAllAt(cluster, "one");
                Duration joinedAgain = join(cluster);
                cluster.awaitCommitted(cluster.committed() + 20_000);
                long restoredBefore = cluster.instance("two").restoredEntries();
                cluster.instance("one").kill();
                Duration afterDeath = awaitAllAt(cluster, "two");
                long restored = cluster.instance("two").restoredEntries() - restoredBefore;
                load.finish();
                cluster.awaitDrained();

                // Then
                System.out.println("shared " + joined + " and " + joinedAgain + " after the start, taken over after "
                        + afterLeaving + " and " + afterDeath + ", " + restored + " journal entries restored, "
                        + witness.answers() + " balances watched");
                assertThat(exitCode).isEqualTo(143);
                assertThat(restored).isLessThan(5_000);
                assertThat(witness.violations()).isEmpty();
                Audited audited = cluster.audit();
                cluster.balances().compare(List.of("two"), audited.model(), 500, seed);
            }
        }
    }

    /** Starts the second instance, waits until each partition has its one speaker, and returns how long that took. */
    private static Duration join(LedgerCluster cluster) {
        long started = System.nanoTime();
        cluster.startAndAwait("two", LedgerCluster.SHARED);
        cluster.awaitShared("one", "two");
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Waits until one instance speaks for all partitions, and returns how long that took. */
    private static Duration awaitAllAt(LedgerCluster cluster, String name) {
        long started = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> cluster.balances().servedPartitions(name).size() == LedgerCluster.PARTITIONS);
        return Duration.ofNanos(System.nanoTime() - started);
    }
}

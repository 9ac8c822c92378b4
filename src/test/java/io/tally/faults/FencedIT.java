package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.faults.LedgerCluster.Audited;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.TallyProcess;
import io.tally.stream.FailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that sleeps for longer than the group waits for it, in the middle of its work, and wakes up as a stranger. */
@Tag("proof")
class FencedIT {
    private static final int PER_SECOND = 2_000;
    private static final int USERS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldEndItselfWhenItWakesUpAfterOthersTookOver() throws Exception {
        System.out.println("seed " + seed);
        CommandGenerator commands =
                new CommandGenerator(seed, "transactions-in", Mix.rough(USERS, LedgerCluster.PARTITIONS));
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            TallyProcess sleeper = cluster.start("one", LedgerCluster.SHARED);
            cluster.startAndAwait("two", LedgerCluster.SHARED);
            Balances balances = cluster.balances();
            cluster.awaitShared("one", "two");
            try (Load load = Load.startEndless(cluster.bootstrapServers(), commands, PER_SECOND)) {
                cluster.awaitCommitted(5_000);

                // When
                sleeper.pause();
                long pausedAt = System.nanoTime();
                await().atMost(PATIENCE)
                        .until(() -> balances.servedPartitions("two").size() == LedgerCluster.PARTITIONS);
                Duration takenOver = Duration.ofNanos(System.nanoTime() - pausedAt);
                sleeper.resume();
                int exitCode = sleeper.awaitExit(Duration.ofSeconds(30));
                load.finish();
                cluster.awaitDrained();

                // Then
                System.out.println("taken over after " + takenOver);
                sleeper.output()
                        .lines()
                        .filter(line -> line.contains("Stopping at once"))
                        .forEach(System.out::println);
                assertThat(exitCode).isEqualTo(FailStop.EXIT_CODE);
                Audited audited = cluster.audit();
                balances.compare(List.of("two"), audited.model(), 200, seed);
            }
        }
    }
}

package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.faults.LedgerCluster.Audited;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills at any moment, and a stop, under load: nothing is lost, doubled or invented, and the way back is short. */
@Tag("proof")
class CrashIT {
    private static final int COMMANDS = Integer.getInteger("tally.crash.commands", 200_000);
    private static final int PER_SECOND = 25_000;
    private static final int USERS = 20_000;
    private static final int KILLS = 5;
    private static final int AFTER_A_KILL = 5_000;
    private static final int SIGTERM = 143;
    /** What the Kubernetes manifests and the compose files grant. */
    private static final Duration GRACE = Duration.ofSeconds(60);
    /**
     * From the start of the process to the first answer; the load and the broker run beside it. On slower machines, a half
     * more than the first start took without load.
     */
    private static final Duration RETURN = Duration.ofSeconds(5);
    /**
     * The least there is: memtables of 8 MiB in all, which some 30,000 entries fill. With the default, each partition has
     * 24 MiB, and the tail of a run this short would be most of its journal.
     */
    private static final Map<String, String> SMALL_STORES = Map.of("TALLY_STORE_MEMORY_MB", "16");

    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldEqualTheModelAfterKillsOfServiceAndBrokerAndAStop() throws Exception {
        System.out.println("seed " + seed);
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            List<Duration> returns = new ArrayList<>();
            List<Long> restored = new ArrayList<>();
            List<Long> decided = new ArrayList<>();
            Duration firstStart = cluster.startAndAwait("one", SMALL_STORES);
            CommandGenerator commands =
                    new CommandGenerator(seed, "transactions-in", Mix.rough(USERS, LedgerCluster.PARTITIONS));
            Load load = Load.start(cluster.bootstrapServers(), commands, COMMANDS, PER_SECOND);

            // When
            for (int kill = 1; kill <= KILLS; kill++) {
                cluster.awaitCommitted((long) COMMANDS * kill / (KILLS + 2));
                cluster.instance("one").kill();
                decided.add(cluster.committed());
                returns.add(cluster.startAndAwait("one", SMALL_STORES));
                restored.add(cluster.instance("one").restoredEntries());
            }
            // Until it decides again, its bookmark is that of before the kill.
            cluster.awaitCommitted(decided.get(KILLS - 1) + AFTER_A_KILL);
            long stopping = System.nanoTime();
            int exitCode = cluster.instance("one").terminate();
            Duration stop = Duration.ofNanos(System.nanoTime() - stopping);
            cluster.startAndAwait("one", SMALL_STORES);
            long restoredAfterStop = cluster.instance("one").restoredEntries();
            cluster.killBroker();
            cluster.restartBroker();
            cluster.awaitCommitted((long) COMMANDS * (KILLS + 1) / (KILLS + 2));
            cluster.killBroker();
            cluster.instance("one").kill();
            cluster.restartBroker();
            cluster.startAndAwait("one", SMALL_STORES);
            load.await();
            cluster.awaitDrained();

            // Then
            System.out.println("started in " + firstStart + ", back after " + returns + ", restored " + restored
                    + " journal entries; stopped in " + stop + ", then restored " + restoredAfterStop);
            assertThat(returns.stream().sorted().toList().get(KILLS / 2))
                    .as("half of the returns; the first start took %s", firstStart)
                    .isLessThan(Collections.max(
                            List.of(RETURN, firstStart.multipliedBy(3).dividedBy(2))));
            // Once memtables have been flushed in every partition, a start reads what came after and not the whole
            // journal.
            assertThat(restored.get(KILLS - 1))
                    .as("entries restored after the last kill, of %s", decided)
                    .isLessThan(decided.get(KILLS - 1) / 2);
            assertThat(exitCode).as("of the stop").isEqualTo(SIGTERM);
            assertThat(stop).isLessThan(GRACE);
            assertThat(restoredAfterStop).as("entries restored after the stop").isZero();
            Audited audited = cluster.audit();
            cluster.balances().compare(List.of("one"), audited.model(), 2_000, seed);
        }
    }
}

package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.faults.LedgerCluster.Audited;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.TallyProcess;
import io.tally.stream.FailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose wall clock is set back by an hour under load: Kafka's clients would send no heartbeat for as long. */
@Tag("proof")
class ClockSetBackIT {
    private static final int PER_SECOND = 2_000;
    private static final int USERS = 500;
    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldEndItselfWhenItsClockIsSetBackAndGoOnByThatClock() throws Exception {
        System.out.println("seed " + seed);
        CommandGenerator commands =
                new CommandGenerator(seed, "transactions-in", Mix.rough(USERS, LedgerCluster.PARTITIONS));
        WallClock clock = new WallClock(directory);
        Map<String, String> settings = new HashMap<>(LedgerCluster.SHARED);
        settings.putAll(clock.environment());
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            cluster.startAndAwait("one", settings);
            TallyProcess instance = cluster.instance("one");
            try (Load load = Load.startEndless(cluster.bootstrapServers(), commands, PER_SECOND)) {
                cluster.awaitCommitted(5_000);

                // When
                clock.setBack(Duration.ofHours(1));
                int exitCode = instance.awaitExit(Duration.ofSeconds(20));
                Duration ready = cluster.startAndAwait("one", settings);
                cluster.awaitCommitted(cluster.committed() + 5_000);
                load.finish();
                cluster.awaitDrained();

                // Then
                System.out.println("ready again " + ready + " after the start");
                assertThat(exitCode).isEqualTo(FailStop.EXIT_CODE);
                assertThat(instance.output()).containsPattern("the wall clock was set back by (3599|360[01])\\d{3} ms");
                Audited audited = cluster.audit();
                cluster.balances().compare(List.of("one"), audited.model(), 200, seed);
            }
        }
    }
}

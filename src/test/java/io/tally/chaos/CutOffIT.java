package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.faults.Balances;
import io.tally.faults.LedgerCluster;
import io.tally.faults.Load;
import io.tally.faults.Witness;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance whose packets to and from the brokers are dropped without a word, while its own HTTP port is still reached. */
@Tag("proof")
class CutOffIT {
    private static final int PER_SECOND = 1_000;
    private static final int USERS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldSayNothingMoreBeforeOthersSpeakForItsPartitions() throws Exception {
        System.out.println("seed " + seed);
        CommandGenerator commands = new CommandGenerator(seed, World.INPUT, Mix.rough(USERS, LedgerCluster.PARTITIONS));
        try (Brokers brokers = Brokers.start(directory, 1);
                LedgerCluster cluster = LedgerCluster.on(brokers.bootstrapServers(), directory, "512m")) {
            // Given
            cluster.startAndAwait("one", cutOffSettings(brokers));
            cluster.startAndAwait("two", LedgerCluster.SHARED);
            cluster.awaitShared("one", "two");
            Balances balances = cluster.balances();
            try (Load load = Load.startEndless(brokers.bootstrapServers(), commands, PER_SECOND);
                    Witness witness = Witness.start(balances, "one", "two")) {
                cluster.awaitCommitted(5_000);

                // When
                brokers.get(0).proxy().fallSilent();
                long silentAt = System.nanoTime();
                await().atMost(PATIENCE)
                        .until(() -> balances.servedPartitions("two").size() == LedgerCluster.PARTITIONS);
                Duration takenOver = Duration.ofNanos(System.nanoTime() - silentAt);
                long decided = cluster.committed();
                cluster.awaitCommitted(decided + 2_000);
                assertThat(balances.servedPartitions("one")).isEmpty();
                brokers.get(0).proxy().speak();
                cluster.awaitCommitted(decided + 10_000);
                load.finish();
                cluster.awaitDrained();

                // Then
                System.out.println("taken over after " + takenOver + ", " + witness.answers() + " answers");
                assertThat(witness.violations()).isEmpty();
                assertThat(witness.answers()).isGreaterThan(100);
            }
            assertThat(new Auditor(brokers.bootstrapServers(), "", "tally")
                            .audit()
                            .violations())
                    .isEmpty();
        }
    }

    private static Map<String, String> cutOffSettings(Brokers brokers) {
        Map<String, String> settings = new HashMap<>(LedgerCluster.SHARED);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", brokers.proxiedBootstrapServers());
        return settings;
    }
}

package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.TallyProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of millions of commands, a tenth of them repeats, conflicts and garbage, in the heap that the launcher gives it. */
@Tag("proof")
class VerifyIT {
    private static final int COMMANDS = Integer.getInteger("tally.verify.commands", 5_000_000);
    private static final int USERS = 100_000;
    private static final int PER_SECOND = 1_000_000;
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldAuditMillionsOfCommandsInTwoGigabytes() throws Exception {
        System.out.println("seed " + seed);
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            Mix mix = new Mix(USERS, LedgerCluster.PARTITIONS, 4, 3, 3, 1, 1);
            cluster.startAndAwait("one");
            long startedAt = System.nanoTime();
            Load.start(
                            cluster.bootstrapServers(),
                            new CommandGenerator(seed, "transactions-in", mix),
                            COMMANDS,
                            PER_SECOND)
                    .await();
            Duration sent = since(startedAt);
            cluster.awaitDrained(LONGEST);
            Duration decided = since(startedAt);
            cluster.instance("one").terminate();

            // When
            long auditedAt = System.nanoTime();
            try (TallyProcess audit = TallyProcess.startMain(
                    TallyProcess.MAIN,
                    List.of("-Xmx2g"),
                    directory.resolve("verify.log"),
                    Map.of("KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrapServers()),
                    "verify")) {
                long[] peak = {0};
                Awaitility.await()
                        .atMost(LONGEST)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> {
                            peak[0] = Math.max(peak[0], audit.peakMemory());
                            return !audit.isAlive();
                        });

                // Then
                System.out.println("sent in " + sent + ", decided after " + decided + ", audited in " + since(auditedAt)
                        + " with at most " + (peak[0] >> 20) + " MiB resident\n" + audit.output());
                assertThat(audit.awaitExit(LONGEST)).isZero();
            }
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}

package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyCommandIT {
    @TempDir
    Path directory;

    @Test
    void shouldCopyALedgerThatRestsAndRefuseWhatItCannotCopy() {
        RecordedFailStop failStop = new RecordedFailStop();
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            try (LedgerStreams ledger = rig.startLedger(rig.settings(), failStop)) {
                rig.deposit("ada", "10");
                rig.flush();
                Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
                assertThat(ledger.isRunning()).isTrue();
            }

            // When
            CommandRun run = copy(rig, "--from-application-id", LedgerRig.APPLICATION);
            CommandRun again = copy(rig, "--from-application-id", LedgerRig.APPLICATION);
            CommandRun ofNothing = copy(rig, "--from-application-id", "nobody", "--topic-prefix", "other-");

            // Then
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("Copied 1 records of transactions-in to new-transactions-in.");
            assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(again.err()).contains("Not copied. There are topics of the new ledger already");
            assertThat(ofNothing.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(ofNothing.err()).contains("nobody-ledger-changelog");
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static CommandRun copy(LedgerRig rig, String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", rig.bootstrapServers());
        environment.put("KAFKA_APPLICATION_ID", "new");
        environment.put("TALLY_TOPIC_PREFIX", "new-");
        environment.put("TALLY_PARTITIONS", "8");
        String[] command = new String[arguments.length + 1];
        command[0] = "copy";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return CommandRun.of(environment, "", command);
    }
}

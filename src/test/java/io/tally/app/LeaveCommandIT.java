package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.GroupMembers;
import io.tally.stream.LedgerStreams;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaveCommandIT {
    @TempDir
    Path directory;

    @Test
    void shouldTakeOutWhoHasStopped() {
        RecordedFailStop failStop = new RecordedFailStop();
        try (LedgerRig rig = LedgerRig.start(directory);
                Admin admin = rig.admin();
                LedgerStreams stays = rig.startLedger(rig.settings("stays", 2, Map.of()), failStop)) {
            // Given: one that was stopped and is a member still.
            rig.startLedger(rig.settings("goes", 2, Map.of()), failStop).close();
            GroupMembers members = new GroupMembers(admin, LedgerRig.APPLICATION);
            assertThat(members.instances()).containsExactly("goes", "stays");

            // When
            CommandRun run = leave(rig, "goes");

            // Then
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("goes has left group " + LedgerRig.APPLICATION, "[stays]");
            assertThat(members.instances()).containsExactly("stays");
            CommandRun again = leave(rig, "goes");
            assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(again.out()).contains("goes is not in group");
            assertThat(stays.isRunning()).isTrue();
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static CommandRun leave(LedgerRig rig, String instance) {
        return CommandRun.of(
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        rig.bootstrapServers(),
                        "KAFKA_APPLICATION_ID",
                        LedgerRig.APPLICATION),
                "",
                "leave",
                instance);
    }
}

package io.tally.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.LedgerTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of a real ledger that goes on between two looks. */
class LedgerAuditIT {
    private static final int USERS = 10;

    @TempDir
    private Path directory;

    private final RecordedFailStop failStop = new RecordedFailStop();

    @Test
    void shouldReadOnWhereItStopped() {
        try (LedgerRig rig = LedgerRig.start(directory);
                LedgerStreams ledger = rig.startLedger(rig.settings(), failStop);
                LedgerAudit audit = audit(rig, ledger.settings().partitions())) {
            // Given
            decideMore(rig);
            audit.read((read, of) -> {});
            decideMore(rig);

            // When
            audit.read((read, of) -> {});

            // Then
            AuditReport report = audit.report();
            assertThat(report.violations()).isEmpty();
            assertThat(report.counts().input()).isEqualTo(2 * USERS + 2);
            assertThat(report.counts().accepted()).isEqualTo(2 * USERS);
            assertThat(report.counts().allDeadLetters()).isEqualTo(2);
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    private static LedgerAudit audit(LedgerRig rig, int partitions) {
        LedgerTopics topics = rig.topics();
        return new LedgerAudit(
                Map.of("bootstrap.servers", rig.bootstrapServers()),
                new AuditedTopics(topics.input(), topics.output(), topics.deadLetters(), LedgerRig.APPLICATION),
                Records.settings(partitions),
                LedgerAudit.Scope.all(),
                LedgerRig.PATIENCE);
    }

    /** A deposit of each user and a dead letter. */
    private static void decideMore(LedgerRig rig) {
        for (int user = 0; user < USERS; user++) {
            rig.deposit("user-" + user, "1");
        }
        rig.send("user-0", "{".getBytes(StandardCharsets.UTF_8));
        rig.flush();
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
    }
}

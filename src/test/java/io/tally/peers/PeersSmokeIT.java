package io.tally.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.app.load.CommittedRecords;
import io.tally.app.load.Drain;
import io.tally.app.load.PassThroughCheck;
import io.tally.app.load.Preload;
import io.tally.app.load.Workload;
import io.tally.app.load.WorkloadCheck;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The peers do what the ledger is compared with: a rate of somebody who is wrong says nothing. */
class PeersSmokeIT {
    private static final int COMMANDS = 2_000;
    private static final Workload WORKLOAD = new Workload(7, 50, false);
    private static final String COMMANDS_ONCE = "once";
    private static final String COMMANDS_WITH_REPEATS = "repeats";

    @TempDir
    static Path directory;

    private static LedgerRig rig;

    @BeforeAll
    static void layCommandsReady() {
        rig = LedgerRig.start(directory.resolve("broker"));
        create(COMMANDS_ONCE);
        try (Preload preload = new Preload(rig.bootstrapServers(), COMMANDS_ONCE, WORKLOAD)) {
            preload.write(0, COMMANDS);
            preload.release();
        }
        create(COMMANDS_WITH_REPEATS);
        try (Preload preload = new Preload(rig.bootstrapServers(), COMMANDS_WITH_REPEATS, WORKLOAD)) {
            preload.write(0, COMMANDS / 2);
            preload.write(COMMANDS / 4, COMMANDS / 2);
            preload.write(COMMANDS / 2, COMMANDS);
            preload.release();
        }
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDecideEachCommandOnceAndRightly(Tuning tuning) {
        // Given
        PeerSettings settings = settings(COMMANDS_WITH_REPEATS, tuning.name());

        // When
        try (CommittedRecords output = CommittedRecords.inBulk(rig.bootstrapServers(), settings.output());
                TextbookLedger ledger = TextbookLedger.start(settings, tuning)) {
            Drain.await(output, COMMANDS, LedgerRig.PATIENCE);
        }

        // Then
        assertThat(new WorkloadCheck(WORKLOAD, COMMANDS).read(rig.bootstrapServers(), settings.output()))
                .isEmpty();
    }

    @Test
    void shouldCopyEachCommandOnce() {
        // Given
        PeerSettings settings = settings(COMMANDS_ONCE, "copies");

        // When
        try (CommittedRecords output = CommittedRecords.inBulk(rig.bootstrapServers(), settings.output());
                PassThrough passThrough = PassThrough.start(settings)) {
            Drain.await(output, COMMANDS, LedgerRig.PATIENCE);
        }

        // Then
        assertThat(new PassThroughCheck(WORKLOAD, COMMANDS).read(rig.bootstrapServers(), settings.output()))
                .isEmpty();
    }

    private static PeerSettings settings(String input, String output) {
        create(output);
        return new PeerSettings(rig.bootstrapServers(), input, output, output + "-app", directory.resolve(output));
    }

    private static void create(String topic) {
        try (var admin = rig.admin()) {
            new Accidents(admin).create(topic, 2);
        }
    }
}

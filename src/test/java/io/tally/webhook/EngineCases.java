package io.tally.webhook;

import io.tally.rig.LedgerRig;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Cases of webhook engines on one real broker for each class, each case with topics of its own. */
abstract class EngineCases {
    @TempDir
    private static Path directory;

    private static LedgerRig broker;
    private static int cases;

    EngineRig rig;

    @BeforeAll
    static void startBroker() {
        broker = LedgerRig.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() {
        rig = new EngineRig(broker, "case-" + ++cases);
    }

    @AfterEach
    void stop() {
        rig.close();
    }
}

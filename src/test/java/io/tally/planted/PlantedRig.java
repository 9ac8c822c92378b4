package io.tally.planted;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One broker for all runs, and the table of what came of them. */
final class PlantedRig implements AutoCloseable {
    private final Path directory;
    private final EmbeddedBroker broker;
    private final StringBuilder table = new StringBuilder(PlantedRun.head());

    PlantedRig(Path directory) {
        this.directory = directory;
        this.broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(directory.resolve("broker")));
    }

    /** Runs a build with the fault, or a sound one. */
    PlantedRun run(@Nullable Fault fault, long seed) throws Exception {
        System.out.println("seed " + seed);
        try (PlantedLedger ledger = new PlantedLedger(directory, broker.bootstrapServers(), fault, seed)) {
            PlantedRun run = ledger.run(seed);
            System.out.println(run);
            table.append(run.row()).append('\n');
            return run;
        }
    }

    /** The runs so far, in Markdown. */
    String table() {
        return table.toString();
    }

    @Override
    public void close() {
        broker.close();
    }
}

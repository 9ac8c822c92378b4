package io.tally.chaos;

import io.tally.rig.TallyProcess;
import io.tally.rig.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Kafka's data is gone and a new, empty broker stands in its place, while the state is still there. On a cluster beside. */
final class LostKafka extends Fault {
    private static final String NAME = "lost-kafka";
    private static final String REFUSAL = "Kafka's data was lost or made again";
    private static final int REFUSED = 1;

    private final Path home;
    private @Nullable String refused;

    LostKafka(World world, SplittableRandom random) {
        super(world, random);
        this.home = world.directory().resolve(NAME);
    }

    @Override
    void inject() throws IOException {
        Path kept = home.resolve("kept");
        if (!Files.exists(kept)) {
            makeState(kept);
        }
        Path state = home.resolve("state");
        Trees.empty(state);
        Trees.copy(kept, state);
        try (Brokers empty = Brokers.start(freshBroker(), 1);
                TallyProcess instance = start(empty, state, TallyProcess.freePort())) {
            int exitCode = instance.awaitExit(ChaosSettings.PATIENCE);
            refused = instance.output()
                    .lines()
                    .filter(line -> line.contains(REFUSAL) && exitCode == REFUSED)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A directory with the state of a ledger whose Kafka will be gone. */
    private void makeState(Path kept) throws IOException {
        Path state = Files.createDirectories(home).resolve("first");
        int port = TallyProcess.freePort();
        try (Brokers brokers = Brokers.start(freshBroker(), 1);
                TallyProcess instance = start(brokers, state, port)) {
            instance.awaitAnswer(URI.create("http://127.0.0.1:" + port + "/health/ready"), ChaosSettings.PATIENCE);
            instance.terminate();
        }
        Files.move(state, kept);
    }

    private Path freshBroker() {
        Path directory = home.resolve("broker");
        Trees.empty(directory);
        return directory;
    }

    private TallyProcess start(Brokers brokers, Path state, int port) {
        try {
            Files.createDirectories(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment = new HashMap<>(world.settings().environment(NAME, brokers.bootstrapServers()));
        environment.put("TALLY_STANDBY_REPLICAS", "0");
        environment.put("TALLY_DATA_DIR", state.toString());
        environment.put("TALLY_HTTP_PORT", Integer.toString(port));
        return TallyProcess.start(home.resolve("instance-" + System.nanoTime() + ".log"), "320m", environment, "serve");
    }

    @Override
    @Nullable
    String evidence() {
        return refused;
    }
}

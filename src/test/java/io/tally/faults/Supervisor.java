package io.tally.faults;

import io.tally.rig.TallyProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Starts instances again that stopped themselves, as {@code ./tally serve} does; one that was killed stays dead. */
final class Supervisor implements AutoCloseable {
    private static final int STOPPED_ITSELF = 75;
    private static final long PAUSE_MS = 500;

    private final LedgerCluster cluster;
    private final Function<String, Map<String, String>> settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    private Supervisor(LedgerCluster cluster, Function<String, Map<String, String>> settings) {
        this.cluster = cluster;
        this.settings = settings;
    }

    /**
     * Watches instances, each from its start.
     *
     * @param settings by name, to start them with
     */
    static Supervisor of(LedgerCluster cluster, List<String> names, Function<String, Map<String, String>> settings) {
        Supervisor supervisor = new Supervisor(cluster, settings);
        var unused = supervisor.thread.scheduleWithFixedDelay(
                () -> names.forEach(supervisor::look), PAUSE_MS, PAUSE_MS, TimeUnit.MILLISECONDS);
        return supervisor;
    }

    private void look(String name) {
        TallyProcess instance = cluster.instance(name);
        if (instance != null && !instance.isAlive() && instance.awaitExit(Duration.ofSeconds(1)) == STOPPED_ITSELF) {
            System.out.println("starts " + name + " again: "
                    + instance.output().lines().reduce("", (before, line) -> line.contains(" ERROR ") ? line : before));
            cluster.start(name, settings.apply(name));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

package io.tally.planted;

import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The processes of one instance, one after the other. One that stops itself is started again, a few times. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration HOLD = Duration.ofMillis(1_500);
    private static final int STARTS_AGAIN = 2;

    private final Path directory;
    private final @Nullable Fault fault;
    private final Map<String, String> environment;
    private final List<TallyProcess> processes = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();

    Program(Path directory, @Nullable Fault fault, Map<String, String> environment) {
        this.directory = directory;
        this.fault = fault;
        this.environment = Map.copyOf(environment);
    }

    void start(boolean holding) {
        List<String> options = TallyProcess.shortLived(
                "-Xmx256m", "-Djdk.attach.allowAttachSelf=true", "-XX:+EnableDynamicAgentLoading");
        if (fault != null) {
            options.add("-D" + PlantedMain.FAULT + "=" + fault.name());
        }
        if (holding) {
            options.add("-D" + Circumstances.HOLD_MS + "=" + HOLD.toMillis());
        }
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("TALLY_DATA_DIR", directory.toString());
        Path output = directory.resolveSibling(directory.getFileName() + "-" + processes.size() + ".log");
        processes.add(TallyProcess.startMain(PlantedMain.class.getName(), options, output, settings, "serve"));
    }

    TallyProcess process() {
        return processes.get(processes.size() - 1);
    }

    /** Waits for something, and starts the program again when it stops itself; false when it will not stay up. */
    boolean reach(boolean holding, Callable<Boolean> goal) {
        while (true) {
            boolean[] reached = {false};
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> (reached[0] = goal.call()) || !process().isAlive());
            if (reached[0]) {
                return true;
            }
            stops.add(lastWord(process().output()));
            if (stops.size() > STARTS_AGAIN) {
                return false;
            }
            start(holding);
        }
    }

    boolean isReady(String base) {
        try {
            return TallyProcess.get(URI.create(base + "/health/ready")).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the program expected when it stopped. */
    private static String lastWord(String output) {
        List<String> lines = output.lines().toList();
        int stop = 0;
        while (stop < lines.size() && !lines.get(stop).contains("Stopping at once")) {
            stop++;
        }
        return lines.stream()
                .skip(stop)
                .filter(line -> line.contains("Expected "))
                .map(line -> line.substring(line.indexOf("Expected ")))
                .findFirst()
                .orElse(lines.isEmpty() ? "ended without a word" : lines.get(Math.min(stop, lines.size() - 1)));
    }

    List<String> stops() {
        return List.copyOf(stops);
    }

    long fired() {
        return processes.stream()
                .mapToLong(process -> Fired.times(process.output()))
                .sum();
    }

    @Override
    public void close() {
        processes.forEach(TallyProcess::kill);
    }
}

package io.tally.chaos;

import io.tally.faults.LedgerCluster;
import io.tally.rig.TallyProcess;
import io.tally.stream.FailStop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The instances of the service. Those that stopped themselves are started again after a second, as {@code ./tally serve}
 * does, however often; those that ended otherwise stay dead until {@link #startDead}. Thread-safe.
 */
final class Instances implements AutoCloseable {
    /** Where the logs stood: how many processes there were of each instance, and how much the last one had printed. */
    record Mark(Map<String, Integer> processes, Map<String, Integer> printed) {}

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_MS = 200;
    private static final int READY = 200;
    private static final Duration SUPERVISORS_PAUSE = Duration.ofSeconds(1);
    private static final Pattern RESTORED = Pattern.compile("Restored (\\d+) entries of ");
    private static final String STOPPING = "Stopping at once";
    /** SIGABRT, by which Java ends after a crash in native code. */
    private static final int CRASHED = 134;
    /** Killed, told to stop, stopped itself, found no Kafka. */
    private static final Set<Integer> EXPLAINED = Set.of(137, 143, FailStop.EXIT_CODE, 3);

    private final LedgerCluster cluster;
    private final List<String> names;
    private final Function<String, Map<String, String>> settings;
    private final Map<String, List<TallyProcess>> processes = new HashMap<>();
    private final Map<String, Long> deadSince = new HashMap<>();
    private final List<String> unexplained = new ArrayList<>();
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor();
    private int restarts;

    Instances(LedgerCluster cluster, List<String> names, Function<String, Map<String, String>> settings) {
        this.cluster = cluster;
        this.names = names;
        this.settings = settings;
    }

    /** Starts all, the first one alone since it makes the topics, and waits until they are ready. */
    void startAll() {
        for (String name : names) {
            start(name);
            if (name.equals(names.get(0))) {
                awaitReady(name);
            }
        }
        names.forEach(this::awaitReady);
        var unused = supervisor.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    List<String> names() {
        return names;
    }

    LedgerCluster cluster() {
        return cluster;
    }

    private synchronized void look() {
        for (String name : names) {
            TallyProcess process = current(name);
            if (process.isAlive() || !endedByItself(process)) {
                continue;
            }
            long since = deadSince.computeIfAbsent(name, dead -> System.nanoTime());
            if (System.nanoTime() - since > SUPERVISORS_PAUSE.toNanos()) {
                restarts++;
                System.out.println("  " + name + " stopped itself: " + lastError(process));
                start(name);
            }
        }
    }

    /** Whether the launcher starts it again: it stopped itself, or Java crashed while it did, of which the log tells. */
    private static boolean endedByItself(TallyProcess process) {
        int code = exitCode(process);
        return code == FailStop.EXIT_CODE || code == CRASHED && process.output().contains(STOPPING);
    }

    /** Also one that is no regular member. */
    synchronized TallyProcess start(String name) {
        deadSince.remove(name);
        TallyProcess process = cluster.start(name, settings.apply(name));
        processes.computeIfAbsent(name, first -> new ArrayList<>()).add(process);
        return process;
    }

    /** Starts those that ended and that no supervisor starts. */
    synchronized void startDead() {
        for (String name : names) {
            TallyProcess process = current(name);
            if (!process.isAlive() && !endedByItself(process)) {
                if (!EXPLAINED.contains(exitCode(process))
                        && !lastError(process).contains(FullDisk.MESSAGE)) {
                    unexplained.add(name + " ended with exit code " + exitCode(process) + ": " + lastError(process));
                }
                start(name);
            }
        }
    }

    /** Ends that nothing done to the instances explains, since the last call. */
    synchronized List<String> unexplainedEnds() {
        List<String> ends = List.copyOf(unexplained);
        unexplained.clear();
        return ends;
    }

    synchronized TallyProcess current(String name) {
        List<TallyProcess> started = processes.get(name);
        return started.get(started.size() - 1);
    }

    /**
     * Kills it as {@code kill -9} does, once it is ready, and returns its exit code. One that is on its way back from another
     * fault may yet stop itself, and would end otherwise than by this.
     */
    int kill(String name) {
        awaitReady(name);
        TallyProcess process = current(name);
        process.kill();
        return exitCode(process);
    }

    /** Stops it as {@link #kill} does, by SIGTERM. */
    int terminate(String name) {
        awaitReady(name);
        return current(name).terminate();
    }

    /** Waits until it is ready; it may stop itself and be started again meanwhile. */
    void awaitReady(String name) {
        Awaitility.await(name + " to be ready")
                .atMost(PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() ->
                        TallyProcess.get(cluster.uri(name, "/health/ready")).statusCode() == READY);
    }

    static int exitCode(TallyProcess dead) {
        return dead.awaitExit(Duration.ofSeconds(1));
    }

    private static String lastError(TallyProcess process) {
        String[] lines = process.output()
                .lines()
                .filter(line -> line.contains(" ERROR ") || line.startsWith("tally:"))
                .toArray(String[]::new);
        return lines.length == 0 ? process.output().lines().reduce("", (a, b) -> b) : lines[lines.length - 1];
    }

    synchronized int restarts() {
        return restarts;
    }

    synchronized Mark mark() {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Integer> printed = new HashMap<>();
        processes.forEach((name, started) -> {
            counts.put(name, started.size());
            printed.put(name, current(name).output().length());
        });
        return new Mark(counts, printed);
    }

    /** What an instance has printed since the mark, through all its restarts. */
    synchronized String printedSince(Mark mark, String name) {
        List<TallyProcess> started = processes.getOrDefault(name, List.of());
        int known = mark.processes.getOrDefault(name, 0);
        StringBuilder printed = new StringBuilder();
        for (int i = Math.max(0, known - 1); i < started.size(); i++) {
            String output = started.get(i).output();
            int from = i < known ? mark.printed.getOrDefault(name, 0) : 0;
            printed.append(output, Math.min(from, output.length()), output.length());
        }
        return printed.toString();
    }

    /** How many journal entries all instances have restored since the mark. */
    synchronized long restoredSince(Mark mark) {
        long entries = 0;
        for (String name : processes.keySet()) {
            Matcher restored = RESTORED.matcher(printedSince(mark, name));
            while (restored.find()) {
                entries += Long.parseLong(restored.group(1));
            }
        }
        return entries;
    }

    @Override
    public void close() {
        supervisor.shutdownNow();
        processes.values().forEach(started -> started.forEach(TallyProcess::close));
    }
}

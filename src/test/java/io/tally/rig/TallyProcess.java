package io.tally.rig;

import io.tally.app.bench.LocalLedger;
import io.tally.dev.LoopbackPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A command of Tally in a process of its own, that can be killed. */
public final class TallyProcess implements AutoCloseable {
    /** What a command gets for a heap where it is not said: as much as by the launcher. */
    public static final String HEAP = LocalLedger.HEAP;

    /** Tally's own program. */
    public static final String MAIN = "io.tally.app.Main";

    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final Pattern RESTORED = Pattern.compile("Restored (\\d+) entries of \\S+-(\\d+),");
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final Process process;
    private final Path output;
    private final long startedAt = System.nanoTime();

    private TallyProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a command from the classes.
     *
     * @param output takes what it prints and logs
     * @param environment its settings
     */
    public static TallyProcess start(Path output, Map<String, String> environment, String... arguments) {
        return start(output, HEAP, environment, arguments);
    }

    /** Starts a command from the classes with a heap of this size, as {@code -Xmx} takes it. */
    public static TallyProcess start(Path output, String heap, Map<String, String> environment, String... arguments) {
        return startMain(MAIN, shortLived("-Xmx" + heap), output, environment, arguments);
    }

    /**
     * Options of the Java machine for a process that lives for seconds, and more of them. With the second compiler it would
     * spend most of its processor time there, and take it from those that are tested beside it.
     */
    public static List<String> shortLived(String... more) {
        List<String> options = new ArrayList<>(SHORT_LIVED);
        options.addAll(List.of(more));
        return options;
    }

    /** Starts another program from the classes, with these options of the Java machine. */
    public static TallyProcess startMain(
            String main, List<String> javaOptions, Path output, Map<String, String> environment, String... arguments) {
        List<String> program = new ArrayList<>(javaOptions);
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return start(builder(program, output, environment, arguments), output);
    }

    /**
     * Starts a command as users do, from the jar that the property {@code tally.jar} names; from the classes when it names
     * none.
     *
     * @param directory what the program takes for the current one
     */
    public static TallyProcess startProgram(
            Path directory, Path output, Map<String, String> environment, String... arguments) {
        String jar = System.getProperty("tally.jar");
        List<String> program =
                jar == null ? List.of("-cp", System.getProperty("java.class.path"), MAIN) : List.of("-jar", jar);
        List<String> command = shortLived();
        command.addAll(program);
        ProcessBuilder builder = builder(command, output, environment, arguments);
        return start(builder.directory(directory.toFile()), output);
    }

    private static ProcessBuilder builder(
            List<String> program, Path output, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TALLY_") || name.startsWith("KAFKA_"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static TallyProcess start(ProcessBuilder builder, Path output) {
        try {
            return new TallyProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens on now, and that no connection gets by chance. */
    public static int freePort() {
        return LoopbackPort.free();
    }

    /** Waits until the process has printed a line with this text. */
    public void awaitOutput(String text, Duration timeout) {
        Awaitility.await()
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(20))
                .failFast("the process ended: " + text, () -> !process.isAlive())
                .until(() -> output().contains(text));
    }

    /** Waits until the process has printed a line "label  value", and returns the value. */
    public String awaitValue(String label, Duration timeout) {
        awaitOutput(label + "  ", timeout);
        Pattern line = Pattern.compile("^" + label + " +(\\S+)$", Pattern.MULTILINE);
        return Awaitility.await()
                .atMost(timeout)
                .until(() -> line.matcher(output()).results().findFirst(), Optional::isPresent)
                .orElseThrow()
                .group(1);
    }

    /** Waits until a GET answers 200, and returns how long after the process's start that was. */
    public Duration awaitAnswer(URI uri, Duration timeout) {
        Awaitility.await()
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(20))
                .failFast("the process ended", () -> !process.isAlive())
                .until(() -> status(uri) == 200);
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private static int status(URI uri) throws InterruptedException {
        try {
            return get(uri).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** A GET on loopback. */
    public static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return get(uri, Map.of());
    }

    /** A GET on loopback with these headers. */
    public static HttpResponse<String> get(URI uri, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5));
        headers.forEach(request::setHeader);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** How many journal entries the log says were restored, in all partitions. */
    public long restoredEntries() {
        long entries = 0;
        Matcher restored = RESTORED.matcher(output());
        while (restored.find()) {
            entries += Long.parseLong(restored.group(1));
        }
        return entries;
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The most memory that was resident so far, in bytes; 0 when it has ended, or where there is no /proc. */
    public long peakMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it as {@code kill} does, and returns its exit code. */
    public int terminate() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    /** Stops it where it stands, as a long pause of the machine does, until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("Expected to send SIG" + name + " to process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits until it ends by itself, and returns its exit code. */
    public int awaitExit(Duration timeout) {
        Awaitility.await().atMost(timeout).until(() -> !process.isAlive());
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("Expected process " + process.pid() + " to be dead after 60 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

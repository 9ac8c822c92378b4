package io.tally.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command of Tally in a process of its own, which ends with this one. */
final class ChildProcess implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(30);
    private static final int SHOWN_LOG_LINES = 5;

    private final String command;
    private final Process process;
    private final Path log;

    private ChildProcess(String command, Process process, Path log) {
        this.command = command;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command with no settings but those given.
     *
     * @param directory for its log
     * @param arguments the command first
     */
    static ChildProcess start(List<String> program, Path directory, String... arguments) throws IOException {
        String command = arguments[0];
        Path log = directory.resolve(command + ".log");
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("TALLY_") || name.startsWith("KAFKA_"));
        return new ChildProcess(command, builder.start(), log);
    }

    /**
     * Waits for a line of its output, "label  value"; returns the value.
     *
     * @throws IOException if it ends, or does not say it in time
     */
    String awaitLine(String label, Duration patience) throws IOException, InterruptedException {
        CompletableFuture<Void> tooLate = CompletableFuture.runAsync(
                process::destroy, CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(label + " ")) {
                tooLate.cancel(false);
                return line.substring(label.length()).strip();
            }
        }
        List<String> said = Files.readAllLines(log);
        throw new IOException("Expected `" + command + "` to start within " + patience.toSeconds()
                + " s, but it did not: "
                + String.join(" ", said.subList(Math.max(0, said.size() - SHOWN_LOG_LINES), said.size())));
    }

    Watched watched() {
        return new Watched(command, process.pid());
    }

    /** Ends it without a chance to do anything about it; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

package io.tally.app.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A broker and a service of this machine, each in a process of its own, with their data in a directory that is deleted. */
public final class LocalLedger implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(1);

    private final List<String> program;
    private final Path directory;
    private final Deque<ChildProcess> children = new ArrayDeque<>();
    private boolean closed;

    /**
     * Makes the directory.
     *
     * @param program what starts Tally, without its command
     */
    public LocalLedger(List<String> program) throws IOException {
        this.program = program;
        this.directory = Files.createTempDirectory("tally-bench-");
    }

    /**
     * Starts both; returns the service's address.
     *
     * @throws IOException if one of them does not start
     */
    public URI start() throws IOException, InterruptedException {
        String kafka = child(
                        "broker",
                        "--data-dir=" + directory.resolve("broker"),
                        "--dev-kafka-port=0",
                        "--dev-controller-port=0")
                .awaitLine("Kafka", START);
        return URI.create(child(
                        "serve",
                        "--bootstrap-servers=" + kafka,
                        "--data-dir=" + directory.resolve("service"),
                        "--http-port=0",
                        // For endpoints on this machine.
                        "--webhook-http=true",
                        "--webhook-networks=127.0.0.0/8")
                .awaitLine("HTTP", START));
    }

    private synchronized ChildProcess child(String... arguments) throws IOException {
        if (closed) {
            throw new IOException("Expected to start a process, but the run is over");
        }
        ChildProcess child = ChildProcess.start(program, directory, arguments);
        children.push(child);
        return child;
    }

    /** The processes, by what they are. */
    public synchronized List<Watched> watched() {
        return children.stream().map(ChildProcess::watched).toList();
    }

    /** Ends the service and then the broker, and deletes their data. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        while (!children.isEmpty()) {
            children.pop().close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

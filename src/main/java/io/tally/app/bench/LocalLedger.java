package io.tally.app.bench;

import io.tally.stream.LedgerTopics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A broker and a service of this machine, each in a process of its own, with their data in a directory that is deleted. */
public final class LocalLedger implements AutoCloseable {
    /** The heap that the launcher gives a service unless told, as {@code -Xmx} takes it. */
    public static final String HEAP = "768m";

    static final int PARTITIONS = 4;
    static final LedgerTopics TOPICS = LedgerTopics.of("", "tally");

    private static final Duration START = Duration.ofMinutes(3);

    private final List<String> program;
    private final List<String> serviceOptions;
    private final Path directory;
    private final Deque<ChildProcess> children = new ArrayDeque<>();
    private String kafka = "";
    private URI http = URI.create("http://127.0.0.1:0");
    private boolean closed;

    /**
     * Makes the directory.
     *
     * @param program what starts Tally, without its command
     * @param serviceOptions of the service, beside those that it needs here
     */
    public LocalLedger(List<String> program, List<String> serviceOptions) throws IOException {
        this.program = program;
        this.serviceOptions = serviceOptions;
        this.directory = Files.createTempDirectory("tally-bench-");
    }

    /**
     * Starts both.
     *
     * @throws IOException if one of them does not start
     */
    public void start() throws IOException, InterruptedException {
        kafka = child(
                        "broker",
                        "--data-dir=" + directory.resolve("broker"),
                        "--dev-kafka-port=0",
                        "--dev-controller-port=0")
                .awaitLine("Kafka", START);
        launchService();
        http = URI.create(awaitService());
    }

    /** Starts the service, the second time at the same address as before; does not wait for it. */
    void launchService() throws IOException {
        List<String> serve = new ArrayList<>(List.of(
                "serve",
                "--bootstrap-servers=" + kafka,
                "--data-dir=" + serviceDirectory(),
                "--http-port=" + http.getPort(),
                "--partitions=" + PARTITIONS,
                // For endpoints on this machine.
                "--webhook-http=true",
                "--webhook-networks=127.0.0.0/8"));
        serve.addAll(serviceOptions);
        child(serve.toArray(String[]::new));
    }

    /**
     * Waits until the service is ready; returns its address.
     *
     * @throws IOException if it does not start
     */
    String awaitService() throws IOException, InterruptedException {
        return service().awaitLine("HTTP", START);
    }

    private synchronized ChildProcess child(String... arguments) throws IOException {
        if (closed) {
            throw new IOException("Expected to start a process, but the run is over");
        }
        ChildProcess child = ChildProcess.start(program, directory, arguments);
        children.push(child);
        return child;
    }

    private synchronized ChildProcess service() {
        return children.element();
    }

    /** Ends the service without a chance to do anything about it. */
    synchronized void killService() {
        children.pop().kill();
    }

    /** Lets the service end in good order. */
    synchronized void stopService() {
        children.pop().close();
    }

    /** Where the service is, once it was started. */
    URI http() {
        return http;
    }

    /** Where the broker is, once it was started. */
    String kafka() {
        return kafka;
    }

    /** What the service keeps. */
    Path serviceDirectory() {
        return directory.resolve("service");
    }

    /** The processes, by what they are. */
    synchronized List<Watched> watched() {
        return children.stream().map(ChildProcess::watched).toList();
    }

    Watched serviceWatched() {
        return service().watched();
    }

    /** Kills the service and the broker, and deletes their data. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        while (!children.isEmpty()) {
            // Nobody needs what they would still write. Ctrl-C has told both to end, and the service would wait for the
            // broker.
            children.pop().kill();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

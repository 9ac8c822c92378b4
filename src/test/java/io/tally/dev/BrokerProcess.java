package io.tally.dev;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, that can be killed. */
final class BrokerProcess implements AutoCloseable {
    /** The exit code of a JVM that was told to stop and did. */
    private static final int SIGTERM = 143;

    private final Process process;
    private final Path output;

    private BrokerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static BrokerProcess start(Path directory, int kafkaPort, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path")));
        String logging = System.getProperty("logback.configurationFile");
        if (logging != null) {
            command.add("-Dlogback.configurationFile=" + logging);
        }
        command.addAll(List.of(BrokerProcess.class.getName(), directory.toString(), Integer.toString(kafkaPort)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new BrokerProcess(process, output);
    }

    /** The process itself: runs a broker until it is killed. */
    public static void main(String[] arguments) {
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(
                    new EmbeddedBrokerConfig(Path.of(arguments[0]), Integer.parseInt(arguments[1]), 0));
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
            System.out.println("READY");
            broker.awaitShutdown();
        } catch (BrokerStartException e) {
            System.out.println("REFUSED " + e.getMessage());
            System.exit(1);
        }
    }

    void awaitReady(Duration timeout) {
        await().atMost(timeout)
                .pollInterval(Duration.ofMillis(50))
                .failFast("the process ended", () -> !process.isAlive())
                .until(() -> Files.readString(output).contains("READY"));
    }

    long pid() {
        return process.pid();
    }

    /** Kills it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("Expected process " + pid() + " to be dead after 10 s");
        }
    }

    /** Stops it as Ctrl-C does. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("Expected process " + pid() + " to have stopped after 60 s");
        }
        if (process.exitValue() != SIGTERM) {
            throw new AssertionError("Expected a stop by SIGTERM, but got exit code " + process.exitValue());
        }
    }

    /** Lets it stand still for a while, as Ctrl-Z does. */
    void pause(Duration length) throws Exception {
        signal("STOP");
        try {
            Thread.sleep(length.toMillis());
        } finally {
            signal("CONT");
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("Expected kill -" + name + " to succeed, but it ended with " + kill.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

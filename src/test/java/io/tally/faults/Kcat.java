package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program kcat, a client on librdkafka and not on Java. */
final class Kcat {
    private final Path directory;
    private final String bootstrapServers;
    private int runs;

    /** @throws AssertionError if it is not installed */
    Kcat(Path directory, String bootstrapServers) throws IOException, InterruptedException {
        this.directory = directory;
        this.bootstrapServers = bootstrapServers;
        try {
            run(List.of("-V"));
        } catch (IOException e) {
            throw new AssertionError(
                    "kcat is missing; install it: `apt-get install -y kcat` on Debian and Ubuntu, `brew install kcat`",
                    e);
        }
    }

    /** Sends one record per line, {@code key TAB value}, or the value alone when the lines are without keys. */
    void produce(String topic, List<String> lines, boolean keyed, String... settings)
            throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("kcat-" + ++runs + ".txt"), lines, StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>(List.of("-P", "-b", bootstrapServers, "-t", topic));
        if (keyed) {
            arguments.addAll(List.of("-K", "\\t"));
        }
        for (String setting : settings) {
            arguments.addAll(List.of("-X", setting));
        }
        arguments.addAll(List.of("-l", file.toString()));
        run(arguments);
    }

    private void run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kcat"));
        command.addAll(arguments);
        Path output = directory.resolve("kcat-output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("end of %s within 60 s", command)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("exit code of %s: %s", command, Files.readString(output))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}

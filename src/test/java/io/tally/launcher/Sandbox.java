package io.tally.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A copy of the launcher with sources and a jar beside it, and a PATH that has the tools it needs but neither Java nor
 * Maven, until a test installs a stand-in.
 */
final class Sandbox {
    private static final List<String> TOOLS = List.of(
            "dirname", "readlink", "sed", "find", "head", "grep", "date", "mkdir", "mv", "rm", "touch", "cat", "sleep");

    private final Path root;
    private final Map<String, String> environment = new HashMap<>();

    Sandbox(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(home().resolve("src/main"));
        Files.createDirectories(home().resolve("target"));
        Files.createDirectories(bin());
        Files.copy(Path.of(System.getProperty("basedir", "")).resolve("tally"), home().resolve("tally"));
        home().resolve("tally").toFile().setExecutable(true);
        Files.writeString(home().resolve("pom.xml"), "<project/>");
        for (String tool : TOOLS) {
            install(tool, "exec " + onPath(tool) + " \"$@\"");
        }
        environment.put("PATH", bin().toString());
        environment.put("OUT", root.toString());
    }

    /** Has a space in its name, so that a missing quote shows. */
    Path home() {
        return root.resolve("the home");
    }

    Path bin() {
        return root.resolve("bin");
    }

    Path jar() {
        return home().resolve("target/tally.jar");
    }

    Path archive(String version) {
        return home().resolve("target/tally-" + version + ".jsa");
    }

    /** Made so long after the jar. */
    Sandbox withArchive(String version, Duration later) throws IOException {
        Files.writeString(archive(version), "old");
        Files.setLastModifiedTime(
                archive(version),
                FileTime.from(Files.getLastModifiedTime(jar()).toInstant().plus(later)));
        return this;
    }

    Sandbox withJar() throws IOException {
        Files.writeString(jar(), "first");
        return this;
    }

    Sandbox with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Puts a script of this name on the PATH in place of what was there. */
    Sandbox install(String name, String script) throws IOException {
        return install(bin().resolve(name), script);
    }

    Sandbox install(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.writeString(file, "#!" + onPath("sh") + "\n" + script);
        file.toFile().setExecutable(true);
        return this;
    }

    /**
     * A Java of this version; {@code body} runs in place of Tally, after the arguments were written down. Archives classes
     * unless the environment has {@code NO_ARCHIVE}.
     */
    Sandbox withJava(String version, String body) throws IOException {
        return install("java", javaScript(version, body));
    }

    static String javaScript(String version, String body) {
        return """
                case $1 in
                    -version) echo 'openjdk version "%s" 2021-09-14' >&2; exit ;;
                    --list-modules) echo 'jdk.compiler@%s'; exit ;;
                esac
                case $1 in -XX:ArchiveClassesAtExit=*)
                    for argument in "$@"; do echo "<$argument>"; done >"$OUT/training"
                    [ -z "${NO_ARCHIVE:-}" ] || exit 1
                    echo archived >"${1#*=}"
                    exit
                    ;;
                esac
                echo start >>"$OUT/starts"
                for argument in "$@"; do echo "<$argument>"; done >"$OUT/arguments"
                %s
                """.formatted(version, version, body);
    }

    Launch start(Path script, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(root.resolve("stdout").toFile())
                .redirectError(root.resolve("stderr").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Launch(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Launch start(String... arguments) {
        return start(home().resolve("tally"), arguments);
    }

    int run(String... arguments) throws InterruptedException {
        return start(arguments).exitCode();
    }

    /** What a process left in a file of the sandbox; empty when it wrote none. */
    String read(String name) {
        Path file = root.resolve(name);
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path onPath(String tool) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path file = Path.of(folder, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException("Expected " + tool + " on the PATH, but found none");
    }

    /** A launcher that runs. */
    record Launch(Process process) {
        int exitCode() throws InterruptedException {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("Expected the launcher to end within 30 s, but it still runs");
            }
            return process.exitValue();
        }

        /** Sends SIGQUIT, as Ctrl-\ does. */
        void quit() throws IOException, InterruptedException {
            int code = new ProcessBuilder(onPath("sh").toString(), "-c", "kill -QUIT " + process.pid())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("Expected to send SIGQUIT, but kill ended with " + code);
            }
        }

        /** Sends SIGTERM. */
        void terminate() {
            process.destroy();
        }
    }
}

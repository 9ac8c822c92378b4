package io.tally.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** The wall clock of one process on Linux, which can be set back while it runs; the monotonic clock goes on. */
final class WallClock {
    private final Path library;
    private final Path back;

    /** @throws AssertionError if there is no C compiler */
    WallClock(Path directory) throws IOException, InterruptedException {
        library = directory.resolve("wall-clock.so");
        back = Files.createFile(directory.resolve("wall-clock-back"));
        Path source = directory.resolve("wall-clock.c");
        try (InputStream resource = WallClock.class.getResourceAsStream("/faults/wall-clock.c")) {
            Files.copy(Objects.requireNonNull(resource), source);
        }
        compile(source);
    }

    private void compile(Path source) throws InterruptedException {
        try {
            Process compiler = new ProcessBuilder(
                            "cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new AssertionError("Expected to compile " + source);
            }
        } catch (IOException e) {
            throw new AssertionError(
                    "A C compiler is missing; install it: `apt-get install -y gcc libc6-dev` on Debian and Ubuntu", e);
        }
    }

    /** What the process is to be started with. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "WALL_CLOCK_BACK", back.toString());
    }

    /** Sets it to so long before the machine's. */
    void setBack(Duration duration) throws IOException {
        Files.write(back, new byte[Math.toIntExact(duration.toSeconds())]);
    }
}

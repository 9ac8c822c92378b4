package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessHaltIT {
    /** Its log goes to a pipe that nobody reads, as when a collector of logs hangs. */
    @Test
    @Timeout(60)
    void shouldEndTheProcessThoughNobodyReadsItsLog() throws IOException, InterruptedException {
        // Given
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullLog.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();

        // When
        boolean ended = process.waitFor(40, TimeUnit.SECONDS);
        process.destroyForcibly();

        // Then
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isEqualTo(FailStop.EXIT_CODE);
    }

    /** Fills its log, and stops itself once no more goes into it. */
    static final class FullLog {
        private FullLog() {}

        public static void main(String[] arguments) {
            AtomicLong written = new AtomicLong();
            Thread writer = new Thread(() -> {
                while (true) {
                    System.err.println("a line");
                    written.incrementAndGet();
                }
            });
            writer.setDaemon(true);
            writer.start();
            AtomicLong before = new AtomicLong(-1);
            Awaitility.await().until(() -> written.get() > 0 && written.get() == before.getAndSet(written.get()));
            FailStop.haltingProcess().stop("the log is full", null);
        }
    }
}

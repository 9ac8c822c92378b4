package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.TallyProcess;
import io.tally.stream.FailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link DeadThreadsTest} has for a watch that a test begins, of the one that a service begins with. */
class DeadThreadsIT {
    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void shouldEndTheProcessOfAServiceWhenAnErrorEndsAThread() {
        // When
        try (TallyProcess process = TallyProcess.startMain(
                DyingService.class.getName(), TallyProcess.shortLived(), folder.resolve("output.txt"), Map.of())) {

            // Then
            assertThat(process.awaitExit(Duration.ofSeconds(40))).isEqualTo(FailStop.EXIT_CODE);
            assertThat(process.output()).contains("Thread updater has ended", "NoSuchMethodError: gone");
        }
    }

    /** Starts a service, which comes no further than its client's settings, and has an error end a thread. */
    static final class DyingService {
        private DyingService() {}

        public static void main(String[] arguments) throws InterruptedException {
            Startup startup = new Startup(Running.untilSignalled(), System.out);
            TallyConfig config =
                    TallyConfig.of(SettingValues.read(Map.of("KAFKA_SECURITY_PROTOCOL", "NOBODY'S"), Map.of()));
            try {
                startup.service(config);
            } catch (ConfigException e) {
                Thread updater = new Thread(
                        () -> {
                            throw new NoSuchMethodError("gone");
                        },
                        "updater");
                updater.start();
                updater.join();
            }
        }
    }
}

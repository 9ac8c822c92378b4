package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerCommandIT {
    @TempDir
    private Path folder;

    @Test
    void shouldPrintItsAddressAndStopWhenTold() throws Exception {
        // Given
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "broker",
                        "--data-dir=" + folder.resolve("data"),
                        "--dev-kafka-port=0",
                        "--dev-controller-port=0")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .failFast("the process ended", () -> !process.isAlive())
                    .until(() -> Files.readString(output).contains("Kafka  127.0.0.1:"));

            // When
            process.destroy();

            // Then
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("data/broker/log/.kafka_cleanshutdown")).exists();
        } finally {
            process.destroyForcibly();
        }
    }
}

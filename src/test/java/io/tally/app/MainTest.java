package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "serve --no-such-option 1",
                "send",
                "send file.ndjson",
                "send - --file x",
                "send deposit 42",
                "send --file /no/such/file --bootstrap-servers 127.0.0.1:1",
                "send deposit 42 1 --uid 7",
                "send deposit 42 1 --timeout soon",
                "bench --scenarios flying",
                "bench --seconds 0",
                "bench --http https://127.0.0.1:1",
                "bench --http http://127.0.0.1:1 --scenarios drain",
                "bench --loads half",
                "bench --commands 0",
                "webhook",
                "webhook fly",
                "webhook listen --port 70000",
                "webhook listen --status 199",
                "webhook listen --count 0",
                "webhook listen --secret whsec_short",
                "webhook listen --register 127.0.0.1",
                "webhook listen --register ftp://127.0.0.1:1",
                "webhook listen --register http://127.0.0.1:1 --token-file /no/such/file"
            })
    void shouldAnswerMisuseWithOneLine(String arguments) {
        // When
        CommandRun run = CommandRun.of(Map.of(), "", arguments.isEmpty() ? new String[0] : arguments.split(" "));

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1).first().asString().startsWith("tally: ");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "serve", "broker", "demo", "send deposit 42 1"})
    void shouldAnswerAWrongSettingWithOneLine(String arguments) {
        // When
        CommandRun run = CommandRun.of(Map.of("TALLY_HTTP_PORT", "x"), "", arguments.split(" "));

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("TALLY_HTTP_PORT (--http-port)", "'x'");
    }

    /** Neither a broker nor a directory comes of it. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "serve", "doctor"})
    void shouldStartNothingWithAWrongNetwork(String command) {
        // Given
        Path data = folder.resolve("data");

        // When
        CommandRun run = CommandRun.of(
                Map.of("TALLY_WEBHOOK_NETWORKS", "10.0.0.1/8", "TALLY_DATA_DIR", data.toString()), "", command);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("TALLY_WEBHOOK_NETWORKS", "10.0.0.1/8");
        assertThat(run.out()).isEmpty();
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldTakeSettingsAsOptions() {
        // When
        CommandRun run = CommandRun.of(Map.of(), "", "serve", "--http-port", "70000");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("TALLY_HTTP_PORT (--http-port)", "'70000'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_c2VjcmV0", "secret-that-is-long-enough-to-be-one", "whsec_not*base64/secret"})
    void shouldNotPrintASecretThatIsMalformed(String secret) {
        // When
        CommandRun run = CommandRun.of(Map.of("TALLY_WEBHOOK_SECRET", secret), "", "webhook", "listen", "--port", "0");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("A secret is not whsec_").doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify --http http://127.0.0.1:1 --http-token-file",
                "webhook listen --port 0 --register http://127.0.0.1:1 --token-file"
            })
    void shouldNotPrintATokenThatIsMalformed(String arguments) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("token"), "admin-token\nof-two-lines\n");

        // When
        CommandRun run = CommandRun.of(Map.of(), "", (arguments + " " + file).split(" "));

        // Then
        assertThat(run.err()).doesNotContain("admin-token", "of-two-lines").contains(file + " must hold one token");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldNotLetDevPassOverACluster() {
        // When
        CommandRun run = CommandRun.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"), "", "dev");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("KAFKA_BOOTSTRAP_SERVERS", "tally serve");
    }

    @Test
    void shouldSayThatABrokersPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // When
            CommandRun run = CommandRun.of(
                    Map.of(),
                    "",
                    "broker",
                    "--data-dir",
                    folder.toString(),
                    "--dev-kafka-port=" + taken.getLocalPort());

            // Then
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1).first().asString().contains("TALLY_DEV_KAFKA_PORT");
        }
    }

    @Test
    void shouldListEverySetting() {
        // When
        CommandRun run = CommandRun.of(Map.of(), "", "help");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("dev", "broker", "serve", "send", "bench", "demo");
        for (Setting setting : Setting.values()) {
            assertThat(run.out()).contains(setting.name(), setting.description());
        }
    }
}

package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tally.http.ApiTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that run inside of containers. */
class ImageScriptsTest {
    private static final String HEALTHCHECK = "ops/image/healthcheck.sh";
    private static final String MAKE_TOKENS = "ops/compose/make-tokens.sh";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"/health/live, 0", "/health/ready, 1"})
    void shouldTellAHealthyServiceFromOneThatIsNot(String path, int expectedCode) throws Exception {
        // Given
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/health/live", 200);
        answer(server, "/health/ready", 503);
        server.start();
        try {
            String port = Integer.toString(server.getAddress().getPort());

            // When
            int code = run(Map.of("TALLY_HTTP_HOST", "0.0.0.0", "TALLY_HTTP_PORT", port), HEALTHCHECK, path);

            // Then
            assertThat(code).isEqualTo(expectedCode);
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpServer server, String path, int status) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    @Test
    void shouldCallASilentPortUnhealthy() throws Exception {
        // Given
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        // When
        int code = run(Map.of("TALLY_HTTP_PORT", Integer.toString(port)), HEALTHCHECK, "/health/live");

        // Then
        assertThat(code).isNotZero();
    }

    @Test
    void shouldMakeTokensThatTallyKnowsAndKeepThem() throws Exception {
        // Given
        Path tally = Files.createDirectory(folder.resolve("tally"));
        Path prometheus = Files.createDirectory(folder.resolve("prometheus"));

        // When
        int first = run(Map.of(), MAKE_TOKENS, tally.toString(), prometheus.toString());
        List<String> lines = Files.readAllLines(tally.resolve("tokens"));
        int second = run(Map.of(), MAKE_TOKENS, tally.toString(), prometheus.toString());

        // Then
        assertThat(List.of(first, second)).containsOnly(0);
        assertThat(ApiTokens.load(tally.resolve("tokens"))).isNotNull();
        assertThat(lines)
                .containsExactly(
                        sha256(tally.resolve("operator")) + " read,write,admin",
                        sha256(prometheus.resolve("token")) + " read");
        assertThat(tally.resolve("operator")).content().hasSize(64);
        assertThat(Files.readAllLines(tally.resolve("tokens"))).isEqualTo(lines);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private int run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TALLY_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
            assertThat(Files.readString(output, StandardCharsets.UTF_8)).doesNotContain("No such file");
        }
    }
}

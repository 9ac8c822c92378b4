package io.tally.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts a broker and a service, asks them once and stops, so that Java can archive the classes that a start loads
 * (ADR 18). Its settings are its own, and its data lies in a temporary directory.
 */
@Command(name = "train", hidden = true, description = "Start, answer and stop once, for an archive of classes.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEPOSIT =
            "{\"uid\":\"9d3c7a10-2f6b-4b8e-8a55-6c1f0e2d4b77\",\"type\":\"DEPOSIT\",\"user_id\":\"ada\",\"amount\":\"10.50\"}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("tally-train-");
        try (Running running = Running.untilSignalled()) {
            running.add(() -> delete(directory));
            Startup startup = new Startup(running, new PrintStream(OutputStream.nullOutputStream()));
            String url = startup.service(startup.broker(startup.claim(config(directory))));
            ask(request(url + "/v1/transaction")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(DEPOSIT)));
            ask(request(url + "/v1/user/ada/balance"));
            return ExitCode.OK;
        }
    }

    private static TallyConfig config(Path directory) {
        Map<Setting, String> settings = Map.of(
                Setting.TALLY_DATA_DIR, directory.toString(),
                Setting.TALLY_HTTP_PORT, "0",
                Setting.TALLY_DEV_KAFKA_PORT, "0",
                Setting.TALLY_DEV_CONTROLLER_PORT, "0");
        return TallyConfig.of(SettingValues.read(Map.of(), settings));
    }

    private static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
    }

    private void ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Expected status 200, but got " + answer.statusCode() + ": " + answer.body());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

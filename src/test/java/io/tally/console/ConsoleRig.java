package io.tally.console;

import io.tally.rig.LedgerRig;
import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A broker, a service in a process of its own that can be killed, and a browser that looks at it. */
final class ConsoleRig implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger starts = new AtomicInteger();
    private final Path directory;
    private final Map<String, String> settings;
    private final URI service = URI.create("http://127.0.0.1:" + TallyProcess.freePort());
    private final LedgerRig broker;
    private @Nullable TallyProcess process;
    private final Browser browser;

    private ConsoleRig(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.broker = LedgerRig.start(directory);
        this.settings = new HashMap<>(WebhookCalls.SETTINGS);
        this.settings.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        this.settings.put("TALLY_HTTP_PORT", Integer.toString(service.getPort()));
        this.settings.put("TALLY_DATA_DIR", directory.resolve("data").toString());
        this.settings.putAll(settings);
        this.browser = Browser.start(service);
    }

    /**
     * Starts all of it.
     *
     * @param settings of the service, beside those that find the broker
     */
    static ConsoleRig start(Path directory, Map<String, String> settings) {
        ConsoleRig rig = new ConsoleRig(directory, settings);
        try {
            rig.up();
            return rig;
        } catch (RuntimeException | Error e) {
            rig.close();
            throw e;
        }
    }

    /** Starts the service, and waits until it is ready. */
    void up() {
        TallyProcess started = TallyProcess.start(
                directory.resolve("service-" + starts.incrementAndGet() + ".log"), settings, "serve");
        process = started;
        started.awaitAnswer(service.resolve("/health/ready"), LedgerRig.PATIENCE);
    }

    /** Kills the service. */
    void kill() {
        if (process != null) {
            process.kill();
        }
    }

    URI service() {
        return service;
    }

    LedgerRig broker() {
        return broker;
    }

    Browser browser() {
        return browser;
    }

    /** Sends a command over HTTP, and returns the answer. */
    String send(String type, String user, String amount, String more) throws IOException, InterruptedException {
        return post(
                "/v1/transaction",
                "{\"uid\":\"%s\",\"type\":\"%s\",\"user_id\":\"%s\",\"amount\":\"%s\"%s}"
                        .formatted(UUID.randomUUID(), type, user, amount, more));
    }

    /** Posts a body, and returns that of the answer. */
    String post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
                .setHeader("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        browser.close();
        if (process != null) {
            process.close();
        }
        broker.close();
    }
}

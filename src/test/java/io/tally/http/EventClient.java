package io.tally.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client of server-sent events that keeps all that it gets. It parses as the specification says, but for comments. */
final class EventClient implements AutoCloseable {
    /** What one block says; empty where it says nothing. */
    record Block(String id, String event, String data) {
        boolean isEvent() {
            return !data.isEmpty();
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final HttpResponse<InputStream> response;
    private final List<Block> blocks = new CopyOnWriteArrayList<>();
    private final Thread reading = new Thread(this::read, "event-client");
    private volatile String lastId = "";

    private EventClient(HttpResponse<InputStream> response) {
        this.response = response;
        reading.setDaemon(true);
        reading.start();
    }

    /** Opens a stream; it stands when this returns. */
    static EventClient open(int port, String path, @Nullable String after, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (after != null) {
            request.header("Last-Event-ID", after);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new AssertionError("Expected a stream, but got " + response.statusCode());
            }
            return new EventClient(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("Expected an answer", e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(new Block(lastId, event, data));
                    event = "";
                    data = "";
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ") && data.isEmpty()) {
                    data = line.substring(6);
                } else {
                    blocks.add(new Block(lastId, "unexpected line", line));
                }
            }
        } catch (IOException e) {
            // Cut off, by this side or the other.
            response.headers();
        }
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    /** All blocks so far. */
    List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /** All events so far. */
    List<Block> events() {
        List<Block> events = new ArrayList<>(blocks);
        events.removeIf(block -> !block.isEvent());
        return events;
    }

    List<String> data() {
        return events().stream().map(Block::data).toList();
    }

    /** The id of the last whole block: where to go on. */
    String lastBlockId() {
        return blocks.get(blocks.size() - 1).id();
    }

    EventClient awaitBlocks(int count) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> blocks.size() >= count);
        return this;
    }

    EventClient awaitEvents(int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> blocks.stream().filter(Block::isEvent).count() >= count);
        return this;
    }

    boolean isOver() {
        return !reading.isAlive();
    }

    @Override
    public void close() {
        try {
            response.body().close();
            reading.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.tally.faults;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls instances over HTTP. Thread-safe. */
public final class Caller {
    /** Much longer than an instance lets a caller wait, so that a busy machine is not taken for a silent instance. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final LedgerCluster cluster;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    public Caller(LedgerCluster cluster) {
        this.cluster = cluster;
    }

    /** Sends a call. The future fails when there is no answer. */
    public CompletableFuture<HttpResponse<String>> send(
            String instance, String method, String path, @Nullable String json, String... headers) {
        URI uri = cluster.uri(instance, path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> call(
            String instance, String method, String path, @Nullable String json, String... headers) {
        return send(instance, method, path, json, headers).join();
    }

    /** Whether the instance took the call and did not answer it. */
    static boolean isTimeout(HttpAnswer answer) {
        return HttpTimeoutException.class.getSimpleName().equals(answer.failure());
    }

    /** Sends a write. The future never fails. */
    public CompletableFuture<Attempt> write(String instance, Write write) {
        long sentAt = System.nanoTime();
        return send(instance, "POST", "/v1/transaction", write.json())
                .handle((response, failure) -> new Attempt(
                        write,
                        instance,
                        sentAt,
                        System.nanoTime(),
                        failure == null ? HttpAnswer.of(response) : HttpAnswer.failed(failure)));
    }
}

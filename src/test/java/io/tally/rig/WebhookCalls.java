package io.tally.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Calls about webhook endpoints, to a service that wants no token. */
public final class WebhookCalls {
    /** Lets a service reach a {@link WebhookReceiver}, and give a delivery up after a second attempt. */
    public static final Map<String, String> SETTINGS = Map.of(
            "TALLY_WEBHOOK_HTTP", "true",
            "TALLY_WEBHOOK_NETWORKS", "127.0.0.0/8",
            "TALLY_WEBHOOK_RETRIES", "100ms");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI service;

    public WebhookCalls(URI service) {
        this.service = service;
    }

    /**
     * Registers an endpoint for what is accepted of a user, and returns its id.
     *
     * @throws IOException if it is not answered, or not with 201
     */
    public String register(URI url, String user) throws IOException, InterruptedException {
        String body = "{\"url\":\"%s\",\"event_types\":[\"transaction.accepted\"],\"users\":[\"%s\"]}";
        HttpResponse<String> answer = send("POST", "", "application/json", body.formatted(url, user));
        if (answer.statusCode() != 201) {
            throw new IOException("Expected 201, but got " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body()).path("id").asText();
    }

    /** What waits or is dead, as {@code items} of the answer; missing when the answer is another one. */
    public JsonNode deliveries(String id, String state) throws IOException, InterruptedException {
        return JSON.readTree(send("GET", "/" + id + "/deliveries?state=" + state, "", "")
                        .body())
                .path("items");
    }

    /** Describes it, and returns the status of the answer. */
    public int describe(String id, String description) throws IOException, InterruptedException {
        String body = "{\"description\":\"" + description + "\"}";
        return send("PATCH", "/" + id, "application/merge-patch+json", body).statusCode();
    }

    /** Deletes it, and returns the status of the answer. */
    public int delete(String id) throws IOException, InterruptedException {
        return send("DELETE", "/" + id, "", "").statusCode();
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/v1/webhook-endpoints" + path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.setHeader("Content-Type", type);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

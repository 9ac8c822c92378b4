package io.tally.app.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An endpoint that a receiver has at a Tally while it runs. */
public final class Registration {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String PATH = "/v1/webhook-endpoints";
    private static final int MAX_ANSWER = 64 << 10;
    private static final int MAX_TOLD = 500;
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();

    private final URI endpoint;
    private final SigningSecret secret;
    private final @Nullable String token;

    private Registration(URI endpoint, SigningSecret secret, @Nullable String token) {
        this.endpoint = endpoint;
        this.secret = secret;
        this.token = token;
    }

    /**
     * Makes an endpoint that is told of everything.
     *
     * @param tally its {@code http://host:port}, without a slash at its end
     * @param receiver where deliveries go
     * @param token of scope {@code admin}, or null where none is needed
     * @throws IllegalStateException if that Tally does not make it
     */
    public static Registration create(URI tally, URI receiver, @Nullable String token) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        body.put("url", receiver.toString()).put("description", "tally webhook listen");
        for (EventType type : EventType.values()) {
            body.withArray("event_types").add(type.text());
        }
        URI endpoints = URI.create(tally + PATH);
        HttpRequest request = request(endpoints, token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        Answer answer = send(request);
        JsonNode made = answer.json();
        if (answer.status() != 201 || !made.hasNonNull("id") || !made.hasNonNull("secret")) {
            boolean refused = answer.status() == 401 || answer.status() == 403;
            throw new IllegalStateException("Expected an endpoint with id and secret from " + endpoints + ", but got "
                    + answer + (refused ? ". Name a file with a token of scope admin: --token-file" : ""));
        }
        URI endpoint = URI.create(endpoints + "/" + made.path("id").asText());
        return new Registration(endpoint, new SigningSecret(made.path("secret").asText(), null), token);
    }

    /** What its deliveries are signed with. */
    public SigningSecret secret() {
        return secret;
    }

    /** Where it is at that Tally. */
    public URI endpoint() {
        return endpoint;
    }

    /** @throws IllegalStateException if it may still be there */
    public void delete() throws InterruptedException {
        Answer answer = send(request(endpoint, token).DELETE().build());
        if (answer.status() / 100 != 2 && answer.status() != 404) {
            throw new IllegalStateException("Expected " + endpoint + " to be deleted, but got " + answer
                    + ". While it is there, its deliveries are tried: delete it");
        }
    }

    private static HttpRequest.Builder request(URI uri, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static Answer send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<InputStream> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Answer(
                        response.statusCode(), new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return new Answer(0, e.toString());
        }
    }

    /** @param status 0 when there was no answer; then the body says why */
    private record Answer(int status, String body) {
        private JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }

        /** Without the body of an endpoint that was made: it holds the secret. */
        @Override
        public String toString() {
            if (status == 201) {
                return "201 without them";
            }
            String told = body.length() <= MAX_TOLD ? body : body.substring(0, MAX_TOLD);
            return status == 0 ? "no answer (" + told + ")" : status + " " + told;
        }
    }
}

package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The calls that make, change and delete webhook endpoints at a service. */
final class EndpointCalls {
    static final String ACTIVE = "active";
    static final String PAUSED = "paused";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/webhook-endpoints";
    private static final String FAILED = "tally_webhook_deliveries_total\\{endpoint=\"%s\",result=\"failed\"} (.+)";

    private final HttpTarget target;

    EndpointCalls(HttpTarget target) {
        this.target = target;
    }

    /**
     * Makes an endpoint that is paused, and returns its id.
     *
     * @throws IOException if the service does not make it, with what it must be set to
     */
    String create(URI url) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("url", url.toString()).put("description", "tally bench");
        HttpAnswer answer = exchange(target.post(PATH, bytes(body)));
        if (answer.status() != 201) {
            throw new IOException("Expected the service to make a webhook endpoint at " + url + ", but got "
                    + text(answer) + ". It must run on this machine, without tokens, with TALLY_WEBHOOK_HTTP=true and"
                    + " TALLY_WEBHOOK_NETWORKS=127.0.0.0/8.");
        }
        JsonNode endpoint = JSON.readTree(answer.body());
        String id = endpoint.path("id").asText();
        change(id, PAUSED);
        return id;
    }

    /** @param state {@link #ACTIVE} or {@link #PAUSED} */
    void change(String id, String state) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("state", state);
        require(200, exchange(target.patch(PATH + "/" + id, bytes(body))), id);
    }

    void delete(String id) throws IOException {
        require(204, exchange(target.delete(PATH + "/" + id)), id);
    }

    /** How many attempts at an endpoint have failed, as the service's metrics have it. */
    double failed(String id) throws IOException {
        HttpAnswer answer = exchange(target.get("/metrics"));
        require(200, answer, "/metrics");
        Pattern line = Pattern.compile(FAILED.formatted(id));
        return new String(answer.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line::matcher)
                .filter(Matcher::matches)
                .mapToDouble(matcher -> Double.parseDouble(matcher.group(1)))
                .sum();
    }

    private HttpAnswer exchange(byte[] request) throws IOException {
        try (HttpConnection connection = target.connect()) {
            return connection.exchange(request);
        }
    }

    private static void require(int status, HttpAnswer answer, String what) throws IOException {
        if (answer.status() != status) {
            throw new IOException("Expected " + status + " for " + what + ", but got " + text(answer));
        }
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(HttpAnswer answer) {
        return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }
}

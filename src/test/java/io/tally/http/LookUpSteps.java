package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/** Look-ups and streams of events, as documented. */
final class LookUpSteps {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Api api;
    private final ApiContract contract;
    private final DocumentedCalls calls;

    LookUpSteps(OpenApiRig rig, ApiContract contract, DocumentedCalls calls) {
        this.api = rig.api();
        this.contract = contract;
        this.calls = calls;
    }

    void lookUp() {
        UUID uid = UUID.randomUUID();
        String position = calls.ask(200, api, "postTransaction", "/v1/transaction", deposit(uid, "seen", "10"))
                .header("Tally-Position");
        calls.ask(200, api, "getTransaction", "/v1/transaction/" + uid, null, "Tally-Position", position);
        calls.ask(404, api, "getTransaction", "/v1/transaction/" + UUID.randomUUID(), null);
        calls.ask(200, api, "postTransaction", "/v1/transaction", deposit(uid, "other", "10"));
        calls.ask(409, api, "getTransaction", "/v1/transaction/" + uid, null);
        calls.ask(200, api, "getTransaction", "/v1/transaction/" + uid + "?user_id=seen", null);
        calls.ask(404, api, "getTransaction", "/v1/transaction/" + uid + "?user_id=third", null);
        calls.ask(200, api, "getUser", "/v1/user/seen", null, "Tally-Position", position);
        calls.ask(200, api, "getUser", "/v1/user/ada", null);
        calls.ask(404, api, "getUser", "/v1/user/nobody", null);
        calls.ask(200, api, "getBalance", "/v1/user/seen/balance", null, "Tally-Position", position);
        Answer then = calls.ask(200, api, "getBalance", "/v1/user/seen/balance?date=2025-01-31&currency=JPY", null);
        assertThat(json(then.body()).path("balance").asText()).isEqualTo("0");
        assertThat(json(then.body()).path("as_of").asText()).isEqualTo("2025-01-31T00:00:00.000Z");
        calls.ask(404, api, "getBalance", "/v1/user/nobody/balance", null);
        String statement = "/v1/user/of-postTransaction/transactions";
        Answer page = calls.ask(
                200,
                api,
                "getStatement",
                statement + "?limit=1&status=accepted&order=desc&currency=USD&from=2020-01-01&to=9999-01-01",
                null);
        String cursor = json(page.body()).path("next_cursor").asText();
        calls.ask(200, api, "getStatement", statement + "?cursor=" + cursor, null);
        assertThat(json(calls.ask(200, api, "getStatement", statement, null).body())
                        .path("next_cursor")
                        .isNull())
                .isTrue();
        calls.ask(404, api, "getStatement", "/v1/user/nobody/transactions", null);
    }

    /** From now on, and then once more from there. */
    void follow(String id, String path) throws Exception {
        String start = events(id, path, "");
        String position = start.lines().findFirst().orElseThrow().substring("id: ".length());
        calls.ask(200, api, "postTransaction", "/v1/transaction", deposit(UUID.randomUUID(), "seen", "1"));
        assertThat(events(id, path, "data: ", "Last-Event-ID", position)).contains("event: tally.transaction.accepted");
        assertThat(events(id, path + "?after=" + position, "data: ")).contains("\"user_id\":\"seen\"");
    }

    /** A stream up to the first block with this in it. */
    private String events(String id, String path, String wanted, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder body = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                body.append(line).append('\n');
                if (line.isEmpty() && body.indexOf(wanted) >= 0) {
                    break;
                }
            }
        }
        calls.judged(
                200,
                contract.operation(id),
                path,
                Answer.of(response.statusCode(), response.headers(), body.toString()));
        return body.toString();
    }
}

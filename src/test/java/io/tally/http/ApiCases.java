package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.stream.LedgerStreams;
import io.tally.stream.StreamSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Cases of the HTTP API on one broker and one ledger for each class; users are the cases' own. */
abstract class ApiCases {
    @TempDir
    static Path directory;

    static final RecordedFailStop FAIL_STOP = new RecordedFailStop();
    static LedgerRig rig;
    static LedgerStreams ledger;
    static LedgerGateway reads;
    static CommandGateway commands;
    static OutcomeFeed feed;
    static HttpServer server;
    static Api api;

    @BeforeAll
    static void start() {
        rig = LedgerRig.start(directory);
        ledger = rig.startLedger(rig.settings(), FAIL_STOP);
        reads = new LedgerGateway(ledger);
        commands = commandsTo(rig.topics().input());
        feed = feedOf(rig.settings());
        server = HttpServer.start(new ListenAddress("127.0.0.1", 0, null, false), reads, commands, feed);
        api = new Api(server.port());
    }

    @AfterAll
    static void stop() {
        ledger.close();
        commands.stopWaiting();
        server.close();
        feed.close();
        commands.close();
        rig.close();
        assertThat(FAIL_STOP.reasons()).isEmpty();
    }

    @AfterEach
    void nobodyIsLeftWaiting() {
        Awaitility.await().until(() -> ledger.waiters().count() == 0);
    }

    static CommandGateway commandsTo(String topic) {
        return new CommandGateway(ledger, reads, Map.of("bootstrap.servers", rig.bootstrapServers()), topic);
    }

    static OutcomeFeed feedOf(StreamSettings settings) {
        return new OutcomeFeed(settings.kafka(), settings.topics().output(), 2);
    }

    static String balance(String user) {
        return json(api.get("/v1/user/" + user + "/balance")).path("balance").asText();
    }

    static void assertProblem(HttpResponse<String> response, ProblemCode code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code.status());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo(code.code());
        assertThat(problem.path("status").asInt()).isEqualTo(code.status());
        assertThat(problem.path("type").asText()).isEqualTo("urn:tally:problem:" + code.code());
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(response.headers().firstValue("Retry-After").isPresent())
                .isEqualTo(code.status() == 503 || code.status() == 429);
    }

    static String pointer(HttpResponse<String> response) {
        return json(response).path("errors").path(0).path("pointer").asText();
    }

    static String position(HttpResponse<String> response) {
        return response.headers().firstValue("Tally-Position").orElseThrow();
    }
}

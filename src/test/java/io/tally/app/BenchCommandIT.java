package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandIT {
    @TempDir
    private Path folder;

    @Test
    void shouldMeasureABrokerAndAServiceOfItsOwn() throws Exception {
        // Given
        Path json = folder.resolve("report.json");

        // When
        CommandRun run = CommandRun.of(
                Map.of(),
                "",
                "bench",
                "--scenarios=http-writes,http-reads,webhooks",
                "--seconds=1",
                "--repetitions=2",
                "--warm-up=0",
                "--rate=50",
                "--users=100",
                "--connections=4",
                "--outcomes=300",
                "--json=" + json);

        // Then
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.err()).contains("http-writes: 2 of 2: ", "http-reads: 2 of 2: ", "webhooks: 2 of 2: ");
        assertThat(run.out()).contains("http-writes: POST /v1/transaction", "p99_9_ms", "cpu_broker_s");
        JsonNode report = new ObjectMapper().readTree(Files.readString(json));
        assertThat(report.at("/scenarios/0/figures/answers_per_s/median").asDouble())
                .isBetween(1.0, 51.0);
        assertThat(report.at("/scenarios/1/figures/answers_per_s/median").asDouble())
                .isGreaterThan(1);
        JsonNode webhooks = report.at("/scenarios/2/figures");
        assertThat(webhooks.at("/deliveries_per_s/min").asDouble()).isGreaterThan(1);
        assertThat(webhooks.at("/beside_dead_per_s/min").asDouble()).isGreaterThan(1);
        // Ten failures park an endpoint; as many as go there at a time were under way by then.
        assertThat(webhooks.at("/requests_refused/min").asDouble()).isBetween(1.0, 50.0);
        assertThat(webhooks.at("/requests_unanswered/min").asDouble()).isBetween(1.0, 50.0);
        assertThat(report.at("/scenarios/1/figures/peak_rss_serve_mib/max").asDouble())
                .isGreaterThan(1);
    }
}

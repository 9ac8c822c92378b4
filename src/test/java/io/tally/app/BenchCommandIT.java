package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandIT {
    @TempDir
    private Path folder;

    private CommandRun run;

    /** Runs the command, which must succeed; returns its report. */
    private JsonNode bench(String... options) throws Exception {
        Path json = folder.resolve("report.json");
        String[] arguments = Stream.concat(Stream.of("bench", "--json=" + json), Stream.of(options))
                .toArray(String[]::new);
        run = CommandRun.of(Map.of(), "", arguments);
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        return new ObjectMapper().readTree(Files.readString(json));
    }

    @Test
    void shouldMeasureABrokerAndAServiceOfItsOwn() throws Exception {
        // When
        JsonNode report = bench(
                "--scenarios=http-writes,http-reads,webhooks",
                "--seconds=1",
                "--repetitions=2",
                "--warm-up=0",
                "--rate=50",
                "--users=100",
                "--connections=4",
                "--outcomes=300");

        // Then
        assertThat(run.err()).contains("http-writes: 2 of 2: ", "http-reads: 2 of 2: ", "webhooks: 2 of 2: ");
        assertThat(run.out()).contains("http-writes: POST /v1/transaction", "p99_9_ms", "cpu_broker_s");
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

    @Test
    void shouldDrainCommandsThatLieReady() throws Exception {
        // When
        JsonNode report =
                bench("--scenarios=drain", "--repetitions=1", "--warm-up=0", "--users=500", "--commands=20000");

        // Then
        assertThat(report.at("/scenarios/0/figures/commands_per_s/median").asDouble())
                .isGreaterThan(1);
    }

    /** Four ledgers, one after the other. */
    @Test
    @Tag("proof")
    void shouldMeasureWithCommandsByKafka() throws Exception {
        // Given
        Path plot = folder.resolve("report.svg");

        // When
        JsonNode report = bench(
                "--scenarios=drain,sustained,history,restart",
                "--seconds=1",
                "--repetitions=1",
                "--warm-up=0",
                "--users=500",
                "--connections=2",
                "--commands=20000",
                "--loads=100,10%",
                "--entries=2000",
                "--history=1000",
                "--plot=" + plot);

        // Then
        Map<String, JsonNode> figures = new TreeMap<>();
        report.path("scenarios")
                .forEach(scenario -> figures.put(scenario.path("name").asText(), scenario.path("figures")));
        assertThat(figures).containsOnlyKeys("drain", "footprint", "sustained", "history", "restart");
        assertThat(report.path("scenarios")).hasSize(8);
        assertThat(median(figures, "drain", "commands_per_s")).isPositive();
        assertThat(median(figures, "sustained", "p99_ms")).isBetween(0.1, 10_000.0);
        assertThat(median(figures, "history", "answers_per_s")).isPositive();
        assertThat(median(figures, "restart", "all_partitions_s")).isBetween(0.1, 60.0);
        assertThat(median(figures, "footprint", "transactions_in_b")).isBetween(20.0, 500.0);
        assertThat(median(figures, "footprint", "store_b")).isPositive();
        assertThat(Files.readString(plot)).contains("<polyline");
    }

    private static double median(Map<String, JsonNode> figures, String scenario, String figure) {
        return figures.get(scenario).path(figure).path("median").asDouble();
    }
}

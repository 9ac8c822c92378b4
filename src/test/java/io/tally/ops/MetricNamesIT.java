package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.rig.LedgerRig;
import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookCalls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What alerts and dashboard read is what a running service exports. */
class MetricNamesIT {
    /** Prometheus makes it. */
    private static final String UP = "up";

    @TempDir
    Path folder;

    @Test
    void shouldExportEveryMetricThatIsRead() throws Exception {
        // Given
        Set<String> read = new TreeSet<>();
        Monitoring.expressions().forEach(expression -> read.addAll(MetricNames.in(expression)));
        // A colon is in the name of a recording rule.
        read.removeIf(name -> name.equals(UP) || name.contains(":"));
        String port = Integer.toString(TallyProcess.freePort());
        try (LedgerRig rig = LedgerRig.start(folder);
                TallyProcess service = TallyProcess.start(folder.resolve("output.txt"), settings(rig, port), "serve")) {
            URI base = URI.create("http://127.0.0.1:" + port);
            service.awaitAnswer(base.resolve("/health/ready"), LedgerRig.PATIENCE);
            rig.deposit("ada", "10");
            rig.withdraw("ada", "20");
            rig.sendCommand("ada", "no command");
            // Nobody is there: what counts is that there is an endpoint.
            new WebhookCalls(base).register(URI.create("http://127.0.0.1:" + TallyProcess.freePort()), "ada");

            // Then: Kafka's metrics are looked for every 15 s, and a first collection may take as long
            await().atMost(LedgerRig.PATIENCE)
                    .untilAsserted(() -> assertThat(exported(base))
                            .isNotEmpty()
                            .containsAll(read)
                            .contains("kafka_stream_topic_records_consumed_total")
                            .doesNotContain(
                                    "kafka_stream_topic_records_produced_total",
                                    "kafka_stream_topic_bytes_produced_total"));
        }
    }

    /** An instance that does not come to an end must not look like one that nobody knows anything of. */
    @Test
    void shouldSayHowKafkaStreamsIsWhileItStops() throws Exception {
        // Given
        String port = Integer.toString(TallyProcess.freePort());
        try (LedgerRig rig = LedgerRig.start(folder);
                TallyProcess service = TallyProcess.start(folder.resolve("output.txt"), settings(rig, port), "serve")) {
            URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
            await().atMost(LedgerRig.PATIENCE).until(() -> OptionalDouble.of(2).equals(streamsState(metrics)));

            // When
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(service::terminate);

            // Then: stopping or stopped, as long as it answers.
            List<OptionalDouble> states = new ArrayList<>();
            while (!exit.isDone()) {
                states.add(streamsState(metrics));
            }
            assertThat(exit.join()).isEqualTo(143);
            assertThat(states).anySatisfy(state -> assertThat(state.orElse(0)).isGreaterThan(2));
        }
    }

    /** As the alert reads it; empty when it is not exported, or nobody answers. */
    private static OptionalDouble streamsState(URI metrics) throws InterruptedException {
        try {
            return TallyProcess.get(metrics)
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("kafka_stream_client_state{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .max();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    private Map<String, String> settings(LedgerRig rig, String port) {
        Map<String, String> settings = new HashMap<>(WebhookCalls.SETTINGS);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", rig.bootstrapServers());
        settings.put("TALLY_HTTP_PORT", port);
        settings.put("TALLY_DATA_DIR", folder.resolve("data").toString());
        return settings;
    }

    private static Set<String> exported(URI base) throws IOException, InterruptedException {
        return TallyProcess.get(base.resolve("/metrics"))
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }
}

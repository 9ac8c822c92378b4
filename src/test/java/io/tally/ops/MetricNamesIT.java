package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.rig.LedgerRig;
import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookCalls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
                    .untilAsserted(() -> assertThat(exported(base)).isNotEmpty().containsAll(read));
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

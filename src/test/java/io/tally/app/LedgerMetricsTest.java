package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.stream.LedgerCounters;
import io.tally.wire.DeadLetterCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerMetricsTest {
    @Test
    void shouldShowEverythingFromTheStartAtZero() {
        // Given
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        // When
        LedgerMetrics.register(new LedgerCounters(), registry);

        // Then
        List<String> lines = registry.scrape().lines().toList();
        for (String result : List.of("accepted", "rejected", "repeated", "rerouted")) {
            assertThat(lines).contains("tally_commands_total{result=\"" + result + "\"} 0.0");
        }
        for (DeadLetterCode code : DeadLetterCode.values()) {
            assertThat(lines).contains("tally_dead_letters_total{code=\"" + code.wireName() + "\"} 0.0");
        }
    }
}

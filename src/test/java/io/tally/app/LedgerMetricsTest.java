package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.ledger.Rejection;
import io.tally.stream.LedgerCounters;
import io.tally.wire.DeadLetterCode;
import java.util.List;
import java.util.Locale;
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
        for (String type : List.of("open", "deposit", "withdraw")) {
            for (String result : List.of("accepted", "rejected", "repeated")) {
                assertThat(lines).contains("tally_commands_total{result=\"" + result + "\",type=\"" + type + "\"} 0.0");
            }
        }
        for (Rejection reason : Rejection.values()) {
            assertThat(lines)
                    .contains("tally_rejections_total{reason=\"" + reason.name().toLowerCase(Locale.ROOT) + "\"} 0.0");
        }
        assertThat(lines).contains("tally_rerouted_total 0.0");
        for (DeadLetterCode code : DeadLetterCode.values()) {
            assertThat(lines).contains("tally_dead_letters_total{code=\"" + code.wireName() + "\"} 0.0");
        }
    }
}

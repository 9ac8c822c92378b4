package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.webhook.WebhookMetrics;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricNamesTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "we_0123456789abcdef",
            URI.create("https://shop.example/hook"),
            "",
            Set.of(EventType.TRANSACTION_ACCEPTED),
            Set.of(),
            EndpointState.ACTIVE,
            null,
            List.of(new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)),
            List.of(0L),
            List.of(),
            1,
            0,
            0);

    @Test
    void shouldNameMetricsOnly() {
        assertThat(MetricNames.in("up{job=\"tally\"} == 0")).containsExactly("up");
        assertThat(MetricNames.in("sum by (job, le) (rate(a_bucket{route!~\"/x{id}.*|b\"}[5m])) > 1e3 and b"))
                .containsExactly("a_bucket", "b");
        assertThat(MetricNames.in("a / on (job) group_left (zone) b offset 5m or sum(c) without (d)"))
                .containsExactlyInAnyOrderElementsOf(Set.of("a", "b", "c"));
        assertThat(MetricNames.in("predict_linear(disk_free_bytes[6h], 86400) < 0"))
                .containsExactly("disk_free_bytes");
        assertThat(MetricNames.in("vector(1) * Inf + 5")).isEmpty();
        assertThat(MetricNames.in("rate(a[$__rate_interval]) + level:b:sum")).containsExactly("a", "level:b:sum");
    }

    /** A service exports them only when an endpoint was registered, so here it is known to the meters alone. */
    @Test
    void shouldReadOfWebhooksWhatIsExported() throws IOException {
        // Given
        Set<String> read = new TreeSet<>();
        Monitoring.expressions().forEach(expression -> read.addAll(MetricNames.in(expression)));
        read.removeIf(name -> !name.startsWith("tally_webhook_"));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        // When
        new WebhookMetrics(registry).endpoints(List.of(ENDPOINT));

        // Then
        Set<String> exported = registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
        assertThat(read).hasSizeGreaterThan(4);
        assertThat(exported).containsAll(read);
    }
}

package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WebhookMetricsTest {
    private static final long MS_IN_NANOS = Duration.ofMillis(1).toNanos();

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WebhookMetrics metrics = new WebhookMetrics(registry);

    @Test
    void shouldShowStatesAndNoEngineBeforeThereIsAnEndpoint() {
        // When
        metrics.endpoints(List.of());
        metrics.running(false);

        // Then
        assertThat(lines())
                .containsExactlyInAnyOrder(
                        "tally_webhook_endpoints{state=\"active\"} 0.0",
                        "tally_webhook_endpoints{state=\"disabled\"} 0.0",
                        "tally_webhook_endpoints{state=\"paused\"} 0.0");
    }

    @Test
    void shouldShowAnEndpointFromTheStartAtZero() {
        // When
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE)));

        // Then
        assertThat(lines())
                .contains(
                        "tally_webhook_deliveries_total{endpoint=\"we_1\",result=\"delivered\"} 0.0",
                        "tally_webhook_deliveries_total{endpoint=\"we_1\",result=\"failed\"} 0.0",
                        "tally_webhook_deliveries_total{endpoint=\"we_1\",result=\"dead\"} 0.0",
                        "tally_webhook_attempt_seconds_count{endpoint=\"we_1\"} 0",
                        "tally_webhook_oldest_pending_seconds{endpoint=\"we_1\"} 0.0",
                        "tally_webhook_endpoints{state=\"active\"} 1.0",
                        "tally_webhook_engine_running 0.0");
    }

    @Test
    void shouldSayThatNobodyWorksWhileNobodyKnowsTheEndpoints() {
        // When
        metrics.endpointsUnknown();

        // Then
        assertThat(lines()).contains("tally_webhook_engine_running 0.0");
    }

    @Test
    void shouldNotSayThatNobodyWorksOnceThereIsNobodyToTell() {
        // Given
        metrics.endpointsUnknown();
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE)));

        // When
        metrics.endpoints(List.of());

        // Then
        assertThat(lines()).noneMatch(line -> line.startsWith("tally_webhook_engine_running"));
    }

    @Test
    void shouldCountWhatBecomesOfDeliveries() {
        // Given
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE), endpoint("we_2", EndpointState.ACTIVE)));

        // When
        metrics.delivered("we_1", 4 * MS_IN_NANOS);
        metrics.delivered("we_1", 30 * MS_IN_NANOS);
        metrics.failed("we_2", Duration.ofSeconds(15).toNanos());
        metrics.dead("we_2");
        metrics.running(true);

        // Then
        assertThat(lines())
                .contains(
                        "tally_webhook_deliveries_total{endpoint=\"we_1\",result=\"delivered\"} 2.0",
                        "tally_webhook_deliveries_total{endpoint=\"we_2\",result=\"failed\"} 1.0",
                        "tally_webhook_deliveries_total{endpoint=\"we_2\",result=\"dead\"} 1.0",
                        "tally_webhook_attempt_seconds_bucket{endpoint=\"we_1\",le=\"0.005\"} 1",
                        "tally_webhook_attempt_seconds_bucket{endpoint=\"we_1\",le=\"0.05\"} 2",
                        "tally_webhook_attempt_seconds_count{endpoint=\"we_2\"} 1",
                        "tally_webhook_engine_running 1.0");
    }

    @Test
    void shouldLetThePendingAgeWhileNobodyWorks() {
        // Given
        MockClock clock = new MockClock();
        SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
        WebhookMetrics stalled = new WebhookMetrics(simple);
        stalled.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE)));

        // When
        stalled.oldestPending("we_1", clock.wallTime());
        clock.add(Duration.ofMinutes(61));

        // Then
        Gauge oldest = simple.get("tally.webhook.oldest.pending").gauge();
        assertThat(oldest.value()).isEqualTo(3_660);
        stalled.oldestPending("we_1", null);
        assertThat(oldest.value()).isZero();
    }

    /** An operator who has paused an endpoint knows that deliveries wait. */
    @Test
    void shouldShowNothingPendingAtAnEndpointThatIsNotActive() {
        // Given
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE), endpoint("we_2", EndpointState.ACTIVE)));
        metrics.oldestPending("we_1", 0L);
        metrics.oldestPending("we_2", 0L);
        assertThat(lines()).doesNotContain("tally_webhook_oldest_pending_seconds{endpoint=\"we_1\"} 0.0");

        // When
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.PAUSED), endpoint("we_2", EndpointState.DISABLED)));

        // Then
        assertThat(lines())
                .contains(
                        "tally_webhook_oldest_pending_seconds{endpoint=\"we_1\"} 0.0",
                        "tally_webhook_oldest_pending_seconds{endpoint=\"we_2\"} 0.0",
                        "tally_webhook_endpoints{state=\"active\"} 0.0",
                        "tally_webhook_endpoints{state=\"paused\"} 1.0",
                        "tally_webhook_endpoints{state=\"disabled\"} 1.0");
    }

    @Test
    void shouldForgetADeletedEndpointForGood() {
        // Given
        metrics.endpoints(List.of(endpoint("we_1", EndpointState.ACTIVE), endpoint("we_2", EndpointState.ACTIVE)));
        metrics.delivered("we_1", MS_IN_NANOS);

        // When: an attempt ends after the deletion
        metrics.endpoints(List.of(endpoint("we_2", EndpointState.ACTIVE)));
        metrics.failed("we_1", MS_IN_NANOS);
        metrics.dead("we_1");
        metrics.oldestPending("we_1", 0L);
        metrics.forget("we_1");

        // Then
        assertThat(lines()).noneMatch(line -> line.contains("we_1")).anyMatch(line -> line.contains("we_2"));
    }

    @Test
    void shouldNameAtMost64Endpoints() {
        // When
        metrics.endpoints(IntStream.rangeClosed(1, WebhookRegistry.MAX_ENDPOINTS + 1)
                .mapToObj(number -> endpoint("we_" + number, EndpointState.ACTIVE))
                .toList());
        metrics.delivered("we_65", MS_IN_NANOS);

        // Then
        assertThat(lines().stream().filter(line -> line.startsWith("tally_webhook_oldest_pending_seconds")))
                .hasSize(WebhookRegistry.MAX_ENDPOINTS);
        assertThat(lines()).contains("tally_webhook_endpoints{state=\"active\"} 65.0");
    }

    private List<String> lines() {
        return registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static Endpoint endpoint(String id, EndpointState state) {
        return new Endpoint(
                id,
                URI.create("https://shop.example/hook"),
                "",
                Set.of(EventType.TRANSACTION_ACCEPTED),
                Set.of(),
                state,
                state == EndpointState.DISABLED ? DisabledReason.GONE : null,
                List.of(new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)),
                List.of(0L),
                List.of(),
                1,
                0,
                0);
    }
}

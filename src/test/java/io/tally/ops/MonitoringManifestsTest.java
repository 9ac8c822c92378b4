package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The operator of Prometheus gets the same alerts, and scrapes under the job that they ask for. */
class MonitoringManifestsTest {
    private final Overlay prod = Overlay.prod();

    MonitoringManifestsTest() throws IOException {}

    @Test
    void shouldHaveTheSameRulesAsTheFile() throws IOException {
        // Given
        JsonNode file =
                Overlay.documents(Path.of("ops/prometheus/tally.rules.yml")).get(0);

        // When
        JsonNode rules = prod.the("PrometheusRule", "tally").path("spec");

        // Then
        assertThat(rules.path("groups").isEmpty()).isFalse();
        assertThat(rules).isEqualTo(file);
    }

    @Test
    void shouldScrapeUnderTheJobThatAlertsAskFor() {
        // Given
        JsonNode monitor = prod.the("PodMonitor", "tally").path("spec");
        JsonNode labels = prod.statefulSet().path("template").path("metadata").path("labels");

        // When
        String job = labels.path(monitor.path("jobLabel").asText()).asText();

        // Then
        assertThat(job).isEqualTo("tally");
        assertThat(prod.the("PrometheusRule", "tally").toString()).contains("job=\\\"" + job + "\\\"");
    }

    /** Alerts on restarts compare a pod with itself; its address changes. */
    @Test
    void shouldCallAnInstanceByItsPod() {
        // When
        JsonNode endpoints = prod.the("PodMonitor", "tally").at("/spec/podMetricsEndpoints");

        // Then
        assertThat(endpoints).hasSize(1);
        assertThat(endpoints.at("/0/relabelings/0/targetLabel").asText()).isEqualTo("instance");
        assertThat(endpoints.at("/0/relabelings/0/sourceLabels").toString()).contains("__meta_kubernetes_pod_name");
    }

    /** The operator gives every target a label endpoint, for which Prometheus would rename that of the metrics. */
    @Test
    void shouldLeaveTheLabelOfWebhookEndpointsAlone() {
        // When
        JsonNode relabelings = prod.the("PodMonitor", "tally").at("/spec/podMetricsEndpoints/0/relabelings");

        // Then
        assertThat(relabelings).anySatisfy(relabeling -> {
            assertThat(relabeling.path("action").asText()).isEqualTo("labeldrop");
            assertThat(relabeling.path("regex").asText()).isEqualTo("endpoint");
        });
    }

    @Test
    void shouldSendAToken() {
        // When
        JsonNode endpoint = prod.the("PodMonitor", "tally").at("/spec/podMetricsEndpoints/0");

        // Then
        assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
        assertThat(endpoint.path("port").asText()).isEqualTo("http");
        assertThat(endpoint.at("/authorization/type").asText()).isEqualTo("Bearer");
        assertThat(endpoint.at("/authorization/credentials/name").asText()).isEqualTo("tally-metrics-token");
        assertThat(endpoint.at("/authorization/credentials/key").asText()).isEqualTo("token");
    }

    /** Where the operator is not, the API server refuses its kinds. */
    @Test
    void shouldNotNeedTheOperatorInDev() throws IOException {
        assertThat(Overlay.dev().all("PodMonitor")).isEmpty();
        assertThat(Overlay.dev().all("PrometheusRule")).isEmpty();
    }
}

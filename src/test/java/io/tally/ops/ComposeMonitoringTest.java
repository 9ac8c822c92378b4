package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prometheus, Alertmanager and Grafana of the compose file find what they are told of. */
class ComposeMonitoringTest {
    private static final String PROMETHEUS = "ops/prometheus/prometheus.yml";

    private final Compose project = Compose.read("docker-compose.yml");
    private final JsonNode prometheus = Monitoring.yaml(PROMETHEUS);
    private final JsonNode source = onlySource();

    ComposeMonitoringTest() throws IOException {}

    private static JsonNode onlySource() throws IOException {
        JsonNode sources = Monitoring.yaml("ops/grafana/provisioning/datasources/prometheus.yml")
                .path("datasources");
        assertThat(sources).hasSize(1);
        return sources.get(0);
    }

    @Test
    void shouldReadTheFilesThatAreMounted() {
        // Given
        JsonNode service = project.service("prometheus");
        String file = flag(service, "--config.file=");

        // Then
        assertThat(Compose.sourceOf(service, file)).isEqualTo("./" + PROMETHEUS);
        assertThat(Compose.texts(prometheus.path("rule_files")))
                .isNotEmpty()
                .allSatisfy(rules -> assertThat(Compose.sourceOf(
                                service, Path.of(file).resolveSibling(rules).toString()))
                        .isEqualTo("./" + Path.of(PROMETHEUS).resolveSibling(rules)));
        assertThat(Compose.sourceOf(service, flag(service, "--storage.tsdb.path=")))
                .isEqualTo("prometheus");
        JsonNode alertmanager = project.service("alertmanager");
        assertThat(Compose.sourceOf(alertmanager, flag(alertmanager, "--config.file=")))
                .isEqualTo("./ops/alertmanager/alertmanager.yml");
        assertThat(Compose.sourceOf(alertmanager, flag(alertmanager, "--storage.path=")))
                .isEqualTo("alertmanager");
    }

    private static String flag(JsonNode service, String name) {
        List<String> values = Compose.texts(service.path("command")).stream()
                .filter(argument -> argument.startsWith(name))
                .map(argument -> argument.substring(name.length()))
                .toList();
        assertThat(values).as(name).hasSize(1);
        return values.get(0);
    }

    @Test
    void shouldScrapeEveryInstanceAndNothingElse() {
        // Given
        List<String> expected = new ArrayList<>();
        project.instances().forEach((name, instance) -> {
            assertThat(project.isReachable("prometheus", name)).isTrue();
            Compose.ports(instance).keySet().forEach(port -> expected.add(name + ":" + port));
        });

        // When
        List<String> targets = new ArrayList<>();
        prometheus
                .path("scrape_configs")
                .forEach(job -> job.path("static_configs")
                        .forEach(group -> targets.addAll(Compose.texts(group.path("targets")))));

        // Then
        assertThat(targets).isNotEmpty().isEqualTo(expected);
        assertThat(prometheus.path("scrape_configs").findValuesAsText("job_name"))
                .as("the name that alerts and dashboard look for")
                .containsExactly("tally");
    }

    @Test
    void shouldSendTheTokenThatTallyKnows() {
        // Given
        JsonNode tokens = project.service("tokens");
        List<String> directories = Compose.texts(tokens.path("command"));

        // When
        String file = prometheus
                .path("scrape_configs")
                .path(0)
                .path("authorization")
                .path("credentials_file")
                .asText();

        // Then: the script writes where the two read
        assertThat(Compose.sourceOf(project.service("prometheus"), file))
                .isEqualTo(Compose.sourceOf(tokens, directories.get(1)) + "/token");
        project.instances()
                .values()
                .forEach(instance -> assertThat(Compose.sourceOf(
                                instance, Compose.environment(instance).get("TALLY_API_TOKENS_FILE")))
                        .isEqualTo(Compose.sourceOf(tokens, directories.get(0)) + "/tokens"));
        List<String> entrypoint = Compose.texts(tokens.path("entrypoint"));
        assertThat(Compose.sourceOf(tokens, entrypoint.get(1))).isEqualTo("./ops/compose/make-tokens.sh");
    }

    @Test
    void shouldSendAlertsToAlertmanager() throws IOException {
        // When
        List<String> targets = new ArrayList<>();
        prometheus
                .path("alerting")
                .path("alertmanagers")
                .forEach(manager -> manager.path("static_configs")
                        .forEach(group -> targets.addAll(Compose.texts(group.path("targets")))));

        // Then
        assertThat(targets).containsExactly(address("alertmanager"));
        assertThat(project.isReachable("prometheus", "alertmanager")).isTrue();
    }

    @Test
    void shouldTellNobodyUntilSomebodyIsNamed() throws IOException {
        // When
        JsonNode alertmanager = Monitoring.yaml("ops/alertmanager/alertmanager.yml");

        // Then
        assertThat(alertmanager.path("receivers").findValuesAsText("name"))
                .containsExactly(alertmanager.path("route").path("receiver").asText());
        assertThat(alertmanager.path("receivers"))
                .allSatisfy(receiver ->
                        assertThat(receiver.size()).as("nothing but its name").isEqualTo(1));
    }

    private String address(String service) {
        return service + ":"
                + Compose.ports(project.service(service)).keySet().iterator().next();
    }

    @Test
    void shouldAskPrometheusForTheDashboard() throws IOException {
        // Given
        List<String> named = new ArrayList<>();
        Monitoring.dashboard()
                .findValues("datasource")
                .forEach(used -> named.add(used.path("uid").asText()));
        named.removeIf(uid -> uid.equals("${datasource}"));
        List<JsonNode> choices = new ArrayList<>();
        Monitoring.dashboard().path("templating").path("list").forEach(variable -> {
            if (variable.path("type").asText().equals("datasource")) {
                choices.add(variable);
            }
        });

        // Then: chosen on the dashboard among those of a type, where the default comes first
        assertThat(named)
                .as("sources by another uid")
                .allMatch(source.path("uid").asText()::equals);
        assertThat(choices).singleElement().satisfies(choice -> {
            assertThat(choice.path("name").asText()).isEqualTo("datasource");
            assertThat(choice.path("query").asText())
                    .isEqualTo(source.path("type").asText());
        });
        assertThat(source.path("isDefault").asBoolean()).isTrue();
        assertThat(source.path("url").asText()).isEqualTo("http://" + address("prometheus"));
        assertThat(project.isReachable("grafana", "prometheus")).isTrue();
        assertThat(source.path("jsonData").path("timeInterval").asText())
                .isEqualTo(prometheus.path("global").path("scrape_interval").asText());
    }

    @Test
    void shouldFindTheDashboardWhereItIsMounted() throws IOException {
        // Given
        JsonNode grafana = project.service("grafana");
        JsonNode providers =
                Monitoring.yaml("ops/grafana/provisioning/dashboards/tally.yml").path("providers");

        // Then
        assertThat(Compose.sourceOf(grafana, "/etc/grafana/provisioning")).isEqualTo("./ops/grafana/provisioning");
        assertThat(providers)
                .singleElement()
                .satisfies(provider -> assertThat(Compose.sourceOf(
                                grafana, provider.path("options").path("path").asText() + "/tally.json"))
                        .isEqualTo("./ops/grafana/tally.json"));
        assertThat(Compose.sourceOf(
                        grafana, Compose.environment(grafana).get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")))
                .isEqualTo("./ops/grafana/tally.json");
    }

    @Test
    void shouldLetNobodyChangeGrafana() {
        assertThat(Compose.environment(project.service("grafana")))
                .containsEntry("GF_AUTH_ANONYMOUS_ORG_ROLE", "Viewer")
                .containsEntry("GF_AUTH_DISABLE_LOGIN_FORM", "true")
                .containsEntry("GF_AUTH_BASIC_ENABLED", "false")
                .containsEntry("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true");
    }
}

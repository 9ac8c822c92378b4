package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every alert says what it means and what to do; every panel says what it shows. */
class AlertRulesTest {
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");

    private final List<JsonNode> alerts = Monitoring.alerts();
    private final List<String> names =
            alerts.stream().map(alert -> alert.path("alert").asText()).toList();

    AlertRulesTest() throws IOException {}

    @Test
    void shouldHaveARunbookForEveryAlertAndNoOther() throws IOException {
        // When
        List<String> headings = Files.readAllLines(Path.of("docs/RUNBOOKS.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring("## ".length()))
                .toList();

        // Then
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
        assertThat(headings).isEqualTo(names);
    }

    @Test
    void shouldExplainEveryAlert() {
        assertThat(alerts).allSatisfy(alert -> {
            JsonNode annotations = alert.path("annotations");
            assertThat(alert.path("for").asText()).matches("[0-9]+m");
            assertThat(alert.path("labels").path("severity").asText()).isIn(SEVERITIES);
            assertThat(annotations.path("summary").asText()).isNotBlank();
            assertThat(annotations.path("description").asText()).containsPattern("[0-9]|\\$value");
            assertThat(annotations.path("runbook_url").asText())
                    .endsWith("docs/RUNBOOKS.md#" + alert.path("alert").asText().toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void shouldTestEveryAlert() throws IOException {
        // When
        List<String> tested = new ArrayList<>();
        for (JsonNode test : Monitoring.alertTests()) {
            String name = test.path("name").asText();
            tested.add(name);
            assertThat(test.path("promql_expr_test").path(0).path("expr").asText())
                    .contains("alertname=\"" + name + "\"");
        }

        // Then
        assertThat(tested).isEqualTo(names);
    }

    @Test
    void shouldExplainEveryPanel() throws IOException {
        assertThat(Monitoring.dashboard().path("uid").asText()).isEqualTo("tally");
        assertThat(Monitoring.panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("description").asText()).matches("[^.]+\\.");
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
                    .isNotBlank();
            assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).isNotEmpty();
        });
    }
}

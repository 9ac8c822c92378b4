package io.tally.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files that operators load into Prometheus and Grafana. */
final class Monitoring {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Monitoring() {}

    static List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        yaml("ops/prometheus/tally.rules.yml")
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rule -> {
                    if (rule.has("alert")) {
                        alerts.add(rule);
                    }
                }));
        return alerts;
    }

    static JsonNode alertTests() throws IOException {
        return yaml("ops/prometheus/tally.rules.test.yml").path("tests");
    }

    static JsonNode dashboard() throws IOException {
        return JSON.readTree(Path.of("ops/grafana/tally.json").toFile());
    }

    /** The panels that show something; the others are titles of rows. */
    static List<JsonNode> panels() throws IOException {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            if (!panel.path("type").asText().equals("row")) {
                panels.add(panel);
            }
        }
        return panels;
    }

    /** Every expression of the rules and the dashboard. */
    static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        yaml("ops/prometheus/tally.rules.yml").findValuesAsText("expr", expressions);
        dashboard().findValuesAsText("expr", expressions);
        return expressions;
    }

    static JsonNode yaml(String file) throws IOException {
        return parsedYaml(Files.readString(Path.of(file)));
    }

    /** One that says a key twice is refused: readers take one of the two silently. */
    static JsonNode parsedYaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(text));
    }
}

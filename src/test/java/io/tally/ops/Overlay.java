package io.tally.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The manifests of an overlay as {@code k8s/render.sh} renders them. The property {@code tally.k8s} names another
 * folder of them than the one that is kept here.
 *
 * @param name {@code dev} or {@code prod}
 */
public record Overlay(String name, List<JsonNode> documents) {
    static final Path KEPT = Path.of("src/test/resources/k8s");
    static final Path RENDERED = Path.of(System.getProperty("tally.k8s", KEPT.toString()));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");
    /** The name of the pod that {@link #environment()} is about. */
    static final String POD = "tally-0";

    public static Overlay dev() throws IOException {
        return read(RENDERED, "dev");
    }

    public static Overlay prod() throws IOException {
        return read(RENDERED, "prod");
    }

    static Stream<Overlay> all() throws IOException {
        return Stream.of(dev(), prod());
    }

    static Overlay read(Path folder, String name) throws IOException {
        return new Overlay(name, documents(folder.resolve(name + ".yaml")));
    }

    /** Every document of a file. */
    static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(Files.readString(file))
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }

    public List<JsonNode> all(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    public JsonNode the(String kind, String name) {
        return all(kind).stream()
                .filter(document ->
                        document.path("metadata").path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected a " + kind + " " + name + ", but there is none"));
    }

    JsonNode statefulSet() {
        return the("StatefulSet", "tally").path("spec");
    }

    JsonNode pod() {
        return statefulSet().path("template").path("spec");
    }

    JsonNode container() {
        return pod().path("containers").path(0);
    }

    /** The variables that the container of the first pod gets. What stands in a Secret is {@code secret}. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode source : container().path("envFrom")) {
            String name = source.path("configMapRef").path("name").asText();
            the("ConfigMap", name)
                    .path("data")
                    .properties()
                    .forEach(entry ->
                            environment.put(entry.getKey(), entry.getValue().asText()));
        }
        for (JsonNode variable : container().path("env")) {
            environment.put(variable.path("name").asText(), value(variable, environment));
        }
        return environment;
    }

    private String value(JsonNode variable, Map<String, String> before) {
        JsonNode from = variable.path("valueFrom");
        if (from.has("secretKeyRef")) {
            return "secret";
        }
        String field = from.path("fieldRef").path("fieldPath").asText();
        return switch (field) {
            case "" ->
                REFERENCE
                        .matcher(variable.path("value").asText())
                        .replaceAll(match -> Objects.requireNonNull(before.get(match.group(1)), match.group()));
            case "metadata.name" -> POD;
            case "metadata.namespace" ->
                the("StatefulSet", "tally").path("metadata").path("namespace").asText();
            default -> throw new AssertionError("Expected a field that is known here, but got " + field);
        };
    }

    /** A copy of a document, to be spoilt. */
    static ObjectNode copy(JsonNode document) {
        return document.deepCopy();
    }

    @Override
    public String toString() {
        return name;
    }
}

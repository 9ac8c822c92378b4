package io.tally.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What {@code docker compose} makes of its files: the later ones are laid over the first. */
public final class Compose {
    private static final Pattern DEFAULTED = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

    private final JsonNode project;

    private Compose(JsonNode project) {
        this.project = project;
    }

    /** The ways in which it is started. */
    public static List<Compose> all() throws IOException {
        return List.of(read("docker-compose.yml"), read("docker-compose.yml", "docker-compose.three-brokers.yml"));
    }

    /** Variables of the shell have their defaults. */
    static Compose read(String... files) throws IOException {
        JsonNode merged = null;
        for (String file : files) {
            String text = DEFAULTED.matcher(Files.readString(Path.of(file))).replaceAll("$1");
            JsonNode next = Monitoring.parsedYaml(text);
            merged = merged == null ? next : laidOver(merged, next);
        }
        if (merged == null) {
            throw new IllegalArgumentException("Expected a file, but got none");
        }
        return new Compose(merged);
    }

    /** Maps are joined, lists too, anything else is replaced. */
    private static JsonNode laidOver(JsonNode below, JsonNode above) {
        if (below instanceof ObjectNode first && above instanceof ObjectNode second) {
            second.properties().forEach(entry -> {
                JsonNode known = first.get(entry.getKey());
                first.set(entry.getKey(), known == null ? entry.getValue() : laidOver(known, entry.getValue()));
            });
            return first;
        }
        if (below instanceof ArrayNode first && above instanceof ArrayNode second) {
            return first.addAll(second);
        }
        return above;
    }

    public String name() {
        return project.path("name").asText();
    }

    JsonNode volumes() {
        return project.path("volumes");
    }

    /** Every service by name. */
    public Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        project.path("services").properties().forEach(entry -> services.put(entry.getKey(), entry.getValue()));
        return services;
    }

    JsonNode service(String name) {
        return project.path("services").path(name);
    }

    /** The services that run the image made here. */
    public Map<String, JsonNode> ofTally() {
        Map<String, JsonNode> found = services();
        found.values().removeIf(service -> !service.has("build"));
        return found;
    }

    /** Those of them that serve HTTP. */
    public Map<String, JsonNode> instances() {
        Map<String, JsonNode> found = ofTally();
        found.values()
                .removeIf(service -> !service.path("command").path(0).asText().equals("serve"));
        return found;
    }

    Map<String, JsonNode> brokers() {
        Map<String, JsonNode> found = services();
        found.values().removeIf(service -> !service.path("environment").has("KAFKA_NODE_ID"));
        return found;
    }

    public static Map<String, String> environment(JsonNode service) {
        Map<String, String> environment = new LinkedHashMap<>();
        service.path("environment")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        return environment;
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /**
     * Something of this machine or a named volume inside a container.
     *
     * @param source a path that begins with a dot, or the name of a volume
     * @param readOnly whether the container only reads it
     */
    public record Mount(String source, String target, boolean readOnly) {
        static Mount of(String text) {
            String[] parts = text.split(":");
            return new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro"));
        }

        boolean isVolume() {
            return !source.startsWith(".");
        }
    }

    public static List<Mount> mounts(JsonNode service) {
        return texts(service.path("volumes")).stream().map(Mount::of).toList();
    }

    /** What stands at a path inside a container: a file of this machine, or of a volume. */
    static String sourceOf(JsonNode service, String path) {
        for (Mount mount : mounts(service)) {
            if (path.equals(mount.target())) {
                return mount.source();
            }
            if (path.startsWith(mount.target() + "/")) {
                return mount.source() + path.substring(mount.target().length());
            }
        }
        return "nothing is mounted at " + path;
    }

    /** The container's ports that are published, each with the host's. */
    static Map<Integer, Integer> ports(JsonNode service) {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (String text : texts(service.path("ports"))) {
            String[] parts = text.split(":");
            ports.put(Integer.valueOf(parts[parts.length - 1]), Integer.valueOf(parts[parts.length - 2]));
        }
        return ports;
    }

    /** Whether the two share a network, so that they know each other by name. */
    public boolean isReachable(String from, String to) {
        return texts(service(from).path("networks")).stream()
                .anyMatch(texts(service(to).path("networks"))::contains);
    }

    @Override
    public String toString() {
        return name();
    }
}

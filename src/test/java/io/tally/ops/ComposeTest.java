package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every service of the compose files is confined, and what it names exists. */
class ComposeTest {
    /** Its image writes below its own folder. */
    private static final String KAFKA = "apache/kafka";

    static List<Compose> projects() throws IOException {
        return Compose.all();
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldMountFilesThatExistAndCanBeRead(Compose project) throws IOException {
        for (JsonNode service : project.services().values()) {
            for (Compose.Mount mount : Compose.mounts(service)) {
                if (!mount.isVolume()) {
                    assertThat(mount.readOnly()).as("read-only: %s", mount).isTrue();
                    parse(Path.of(mount.source()));
                }
            }
        }
    }

    private static void parse(Path path) throws IOException {
        assertThat(path).exists();
        List<Path> files;
        try (var found = Files.walk(path)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            if (!file.toString().endsWith(".sh")) {
                // JSON is YAML too.
                assertThat(Monitoring.yaml(file.toString())).as("%s", file).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldDeclareTheVolumesAndNoOther(Compose project) {
        // When
        Set<String> used = new HashSet<>();
        project.services()
                .values()
                .forEach(service -> Compose.mounts(service).stream()
                        .filter(Compose.Mount::isVolume)
                        .forEach(mount -> used.add(mount.source())));

        // Then
        List<String> declared = new ArrayList<>();
        project.volumes().fieldNames().forEachRemaining(declared::add);
        assertThat(declared).containsExactlyInAnyOrderElementsOf(used);
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldPublishOnLoopbackOnly(Compose project) {
        List<Integer> hostPorts = new ArrayList<>();
        project.services().forEach((name, service) -> {
            assertThat(Compose.texts(service.path("ports")))
                    .as(name)
                    .allMatch(port -> port.matches("127\\.0\\.0\\.1:[0-9]+:[0-9]+"));
            hostPorts.addAll(Compose.ports(service).values());
        });
        assertThat(hostPorts).isNotEmpty().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldTakeImagesOfOneVersion(Compose project) throws IOException {
        String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<]+)<.*", "$1");
        project.services().forEach((name, service) -> {
            String image = service.path("image").asText();
            assertThat(image).as(name).matches("[a-z/]+:v?[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
            assertThat(image.startsWith("tally:")).as(name).isEqualTo(service.has("build"));
            if (service.has("build")) {
                assertThat(image).isEqualTo("tally:" + version);
                assertThat(service.path("pull_policy").asText()).isEqualTo("build");
            }
        });
        assertThat(project.brokers().values())
                .as("brokers of 4.3 can leave transactions open for ever: docs/adr/0012")
                .allSatisfy(broker -> assertThat(broker.path("image").asText()).matches(KAFKA + ":4\\.[0-2]\\.\\d+"));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldConfineEveryService(Compose project) {
        project.services().forEach((name, service) -> {
            assertThat(Compose.texts(service.path("cap_drop"))).as(name).containsExactly("ALL");
            assertThat(service.has("cap_add") || service.has("privileged"))
                    .as(name)
                    .isFalse();
            assertThat(Compose.texts(service.path("security_opt"))).as(name).containsExactly("no-new-privileges:true");
            assertThat(service.path("read_only").asBoolean())
                    .as("read-only root of %s", name)
                    .isNotEqualTo(service.path("image").asText().startsWith(KAFKA + ":"));
            assertThat(service.path("mem_limit").asText()).as(name).matches("[0-9]+[mg]");
            assertThat(service.path("stop_grace_period").asText()).as(name).isEqualTo("90s");
            assertThat(service.path("logging").path("driver").asText()).as(name).isEqualTo("local");
        });
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldLetTallyUnpackAndRunItsLibrary(Compose project) {
        assertThat(project.ofTally())
                .allSatisfy((name, service) -> assertThat(Compose.texts(service.path("tmpfs")))
                        .as(name)
                        .singleElement()
                        .asString()
                        .startsWith("/tmp:")
                        .contains("exec")
                        .doesNotContain("noexec"));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldWaitOnlyForWhatCanComeTrue(Compose project) {
        project.services()
                .forEach((name, service) -> service.path("depends_on")
                        .properties()
                        .forEach(dependency -> {
                            JsonNode other = project.service(dependency.getKey());
                            assertThat(other.has("image"))
                                    .as("%s waits for %s", name, dependency.getKey())
                                    .isTrue();
                            if (dependency.getValue().path("condition").asText().equals("service_healthy")) {
                                assertThat(other.path("healthcheck")
                                                .path("test")
                                                .isArray())
                                        .as("%s has a health check", dependency.getKey())
                                        .isTrue();
                            } else {
                                assertThat(dependency
                                                .getValue()
                                                .path("condition")
                                                .asText())
                                        .isEqualTo("service_completed_successfully");
                                assertThat(other.path("restart").asText()).isEqualTo("no");
                            }
                        }));
    }

    /** Those that ask for a restart by their exit code get it; what ends by itself is not started again. */
    @ParameterizedTest
    @MethodSource("projects")
    void shouldStartAgainWhatGoesOnForEver(Compose project) {
        for (Map.Entry<String, JsonNode> service : project.services().entrySet()) {
            assertThat(service.getValue().path("restart").asText())
                    .as(service.getKey())
                    .isEqualTo(service.getKey().equals("tokens") ? "no" : "unless-stopped");
        }
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldAskForHealthWhereSomethingAnswers(Compose project) throws IOException {
        JsonNode paths = Monitoring.yaml("schemas/openapi.yaml").path("paths");
        project.services().forEach((name, service) -> {
            JsonNode check = service.path("healthcheck");
            if (check.path("disable").asBoolean()) {
                assertThat(service.has("ports")).as(name).isFalse();
                return;
            }
            List<String> test = Compose.texts(check.path("test"));
            assertThat(test).as(name).startsWith("CMD");
            String last = test.get(test.size() - 1);
            if (project.instances().containsKey(name)) {
                assertThat(test.get(1)).isEqualTo(Dockerfile.HEALTHCHECK);
                assertThat(paths.has(last)).as(last).isTrue();
            } else if (project.brokers().containsKey(name)) {
                assertThat(last).endsWith("/dev/tcp/127.0.0.1/" + insidePort(service));
            } else {
                assertThat(Compose.ports(service).keySet())
                        .as(name)
                        .anySatisfy(port -> assertThat(last).startsWith("http://127.0.0.1:" + port + "/"));
            }
        });
    }

    private static String insidePort(JsonNode broker) {
        return broker.path("environment")
                .path("KAFKA_LISTENERS")
                .asText()
                .replaceAll(".*\\bINSIDE://:([0-9]+).*", "$1");
    }
}

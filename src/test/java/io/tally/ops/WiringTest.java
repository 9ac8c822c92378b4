package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one manifest says of another is true: names, ports, labels and paths. */
class WiringTest {
    private static final Pattern PATIENCE = Pattern.compile("give it (\\d+) s before `kill -9`");
    /** Classes, code, collector and stacks, as the manifests reckon it. */
    private static final long OTHER_MEMORY_MB = 300;

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldSelectItsPods(Overlay overlay) {
        // Given
        JsonNode labels =
                overlay.statefulSet().path("template").path("metadata").path("labels");

        // When
        List<JsonNode> selectors = new ArrayList<>();
        selectors.add(overlay.statefulSet().path("selector").path("matchLabels"));
        selectors.add(overlay.the("Service", "tally").at("/spec/selector"));
        selectors.add(overlay.the("Service", "tally-peers").at("/spec/selector"));
        selectors.add(overlay.the("PodDisruptionBudget", "tally").at("/spec/selector/matchLabels"));
        overlay.pod()
                .path("topologySpreadConstraints")
                .forEach(constraint -> selectors.add(constraint.at("/labelSelector/matchLabels")));
        overlay.all("NetworkPolicy").stream()
                .filter(policy -> policy.at("/metadata/name").asText().startsWith("tally"))
                .forEach(policy -> selectors.add(policy.at("/spec/podSelector/matchLabels")));
        overlay.all("PodMonitor").forEach(monitor -> selectors.add(monitor.at("/spec/selector/matchLabels")));

        // Then
        assertThat(selectors).allSatisfy(selector -> {
            assertThat(selector.isEmpty()).isFalse();
            assertThat(labels.properties()).containsAll(selector.properties());
        });
    }

    /** A selector without labels, or with those of Tally, would take Kafka's pods for Tally's. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldSelectNobodyElse(Overlay overlay) {
        assertThat(overlay.all("StatefulSet"))
                .filteredOn(set -> set.at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                        .asText()
                        .equals("tally"))
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldAgreeOnThePort(Overlay overlay) {
        // Given
        JsonNode port = overlay.container().path("ports").path(0);
        int number = port.path("containerPort").asInt();
        String name = port.path("name").asText();

        // When
        List<String> named = new ArrayList<>();
        List.of("startupProbe", "livenessProbe", "readinessProbe")
                .forEach(probe -> named.add(
                        overlay.container().path(probe).at("/httpGet/port").asText()));
        List<String> numbers = new ArrayList<>();
        for (String service : List.of("tally", "tally-peers")) {
            JsonNode servicePort = overlay.the("Service", service).at("/spec/ports/0");
            named.add(servicePort.path("targetPort").asText());
            numbers.add(servicePort.path("port").asText());
        }
        JsonNode policy = overlay.the("NetworkPolicy", "tally").path("spec");
        named.add(policy.at("/ingress/0/ports/0/port").asText());
        named.add(policy.at("/egress/1/ports/0/port").asText());
        overlay.all("PodMonitor")
                .forEach(monitor ->
                        named.add(monitor.at("/spec/podMetricsEndpoints/0/port").asText()));
        numbers.add(overlay.environment().get("TALLY_HTTP_PORT"));
        numbers.add(overlay.environment().get("KAFKA_APPLICATION_SERVER").replaceFirst(".*:", ""));

        // Then
        assertThat(named).containsOnly(name);
        assertThat(numbers).containsOnly(Integer.toString(number));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldNameEachPodByTheHeadlessService(Overlay overlay) {
        // Given
        JsonNode set = overlay.the("StatefulSet", "tally");
        String service = set.path("spec").path("serviceName").asText();
        String namespace = set.path("metadata").path("namespace").asText();

        // Then
        JsonNode peers = overlay.the("Service", service).path("spec");
        assertThat(peers.path("clusterIP").asText()).isEqualTo("None");
        assertThat(peers.path("publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(overlay.environment())
                .containsEntry("KAFKA_APPLICATION_SERVER", Overlay.POD + "." + service + "." + namespace + ".svc:8080")
                .containsEntry("KAFKA_GROUP_INSTANCE_ID", Overlay.POD);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldReachItsKafka(Overlay overlay) {
        // Given
        String[] server = overlay.environment().get("KAFKA_BOOTSTRAP_SERVERS").split(":", 2);
        JsonNode way = overlay.the("NetworkPolicy", "tally-kafka").at("/spec/egress/0");

        // Then
        assertThat(way.at("/ports/0/port").asText()).isEqualTo(server[1]);
        JsonNode selected = way.at("/to/0/podSelector/matchLabels");
        if (overlay.name().equals("dev")) {
            assertThat(overlay.the("Service", server[0])
                            .at("/spec/ports/0/port")
                            .asText())
                    .isEqualTo(server[1]);
            assertThat(overlay.the("StatefulSet", server[0])
                            .at("/spec/template/metadata/labels")
                            .properties())
                    .containsAll(selected.properties());
        } else {
            String cluster = selected.path("strimzi.io/cluster").asText();
            assertThat(server[0]).isEqualTo(cluster + "-kafka-bootstrap");
            assertThat(overlay.documents())
                    .filteredOn(document -> document.path("apiVersion").asText().startsWith("kafka.strimzi.io/"))
                    .hasSize(8)
                    .allSatisfy(document -> assertThat(document.at("/metadata/labels/strimzi.io~1cluster")
                                    .asText())
                            .isEqualTo(cluster));
            assertThat(overlay.pod().path("volumes").findValuesAsText("secretName"))
                    .contains(cluster + "-cluster-ca-cert");
        }
    }

    /** Docs say how long a stop may take; the sleep before it counts too. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldLetItStop(Overlay overlay) throws IOException {
        // Given
        Matcher patience = PATIENCE.matcher(Files.readString(Path.of("docs/OPERATIONS.md")));
        assertThat(patience.find()).isTrue();
        int sleep = overlay.container().at("/lifecycle/preStop/sleep/seconds").asInt();

        // Then
        assertThat(overlay.pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(Integer.parseInt(patience.group(1)) + sleep);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldAskForHealthWhereTheApiHasIt(Overlay overlay) throws IOException {
        // Given
        JsonNode paths =
                Overlay.documents(Path.of("schemas/openapi.yaml")).get(0).path("paths");

        // When
        List<String> asked = overlay.documents().stream()
                .flatMap(document -> document.findValuesAsText("path").stream())
                .filter(path -> path.startsWith("/"))
                .distinct()
                .toList();

        // Then
        assertThat(asked).contains("/health/live", "/health/ready").allMatch(paths::has);
        assertThat(overlay.container().at("/livenessProbe/httpGet/path").asText())
                .isEqualTo("/health/live");
        assertThat(overlay.container().at("/readinessProbe/httpGet/path").asText())
                .isEqualTo("/health/ready");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldStayWithinItsMemory(Overlay overlay) throws IOException {
        // Given
        JsonNode resources = overlay.container().path("resources");
        String limit = resources.at("/limits/memory").asText();
        long limitMb = 1024L * Long.parseLong(limit.substring(0, limit.indexOf("Gi")));
        Matcher heap = Pattern.compile("MaxRAMPercentage=(\\d+)").matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(heap.find()).isTrue();

        // When
        long heapMb = limitMb * Long.parseLong(heap.group(1)) / 100;
        long storesMb = Long.parseLong(overlay.environment().get("TALLY_STORE_MEMORY_MB"));

        // Then
        assertThat(heapMb + storesMb + OTHER_MEMORY_MB).isLessThan(limitMb);
        assertThat(resources.at("/requests/memory").asText()).isEqualTo(limit);
        assertThat(resources.path("limits").has("cpu")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldBeAllowedInARestrictedNamespace(Overlay overlay) {
        assertThat(overlay.all("StatefulSet")).isNotEmpty().allSatisfy(set -> {
            JsonNode pod = set.at("/spec/template/spec");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            JsonNode container = pod.at("/containers/0/securityContext");
            assertThat(container.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        });
        assertThat(overlay.container()
                        .at("/securityContext/readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        assertThat(overlay.pod().at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldMountWhatItNames(Overlay overlay) {
        // Given
        List<String> volumes = new ArrayList<>();
        overlay.pod()
                .path("volumes")
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        overlay.statefulSet()
                .path("volumeClaimTemplates")
                .forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));

        // When
        List<String> mounted = new ArrayList<>();
        overlay.container()
                .path("volumeMounts")
                .forEach(mount -> mounted.add(mount.path("name").asText()));

        // Then
        assertThat(mounted).containsExactlyInAnyOrderElementsOf(volumes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldGoOneAtATime(Overlay overlay) {
        // Given
        JsonNode budget = overlay.the("PodDisruptionBudget", "tally").path("spec");

        // Then
        assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.path("unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
        assertThat(overlay.statefulSet().path("podManagementPolicy").asText()).isEqualTo("Parallel");
        assertThat(overlay.statefulSet().path("replicas").asInt())
                .isEqualTo(overlay.name().equals("dev") ? 1 : 3);
    }

    static Stream<Overlay> overlays() throws IOException {
        return Overlay.all();
    }
}

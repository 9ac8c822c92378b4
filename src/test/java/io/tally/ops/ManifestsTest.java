package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubernetes takes the manifests, and what is tested here is what stands in {@code k8s}. */
class ManifestsTest {
    private static final Map<String, Kind> KINDS = Map.of(
            "ConfigMap", new Kind("v1", V1ConfigMap::validateJsonElement),
            "Namespace", new Kind("v1", V1Namespace::validateJsonElement),
            "NetworkPolicy", new Kind("networking.k8s.io/v1", V1NetworkPolicy::validateJsonElement),
            "PodDisruptionBudget", new Kind("policy/v1", V1PodDisruptionBudget::validateJsonElement),
            "Secret", new Kind("v1", V1Secret::validateJsonElement),
            "Service", new Kind("v1", V1Service::validateJsonElement),
            "ServiceAccount", new Kind("v1", V1ServiceAccount::validateJsonElement),
            "StatefulSet", new Kind("apps/v1", V1StatefulSet::validateJsonElement));

    /** Not of Kubernetes itself: other tests say what stands in them. */
    private static final Map<String, String> FOREIGN = Map.of(
            "KafkaTopic", "kafka.strimzi.io/v1",
            "KafkaUser", "kafka.strimzi.io/v1",
            "PodMonitor", "monitoring.coreos.com/v1",
            "PrometheusRule", "monitoring.coreos.com/v1");

    private record Kind(String version, Check check) {}

    private interface Check {
        void of(JsonElement document) throws IOException;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldSayWhatKubernetesUnderstands(Overlay overlay) throws IOException {
        assertThat(overlay.documents()).isNotEmpty();
        for (JsonNode document : overlay.documents()) {
            check(document);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void shouldUnderstandEveryFileByItself(Path file) throws IOException {
        for (JsonNode document : Overlay.documents(file)) {
            check(document);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldRefuseAFieldThatKubernetesDoesNotKnow(Overlay overlay) {
        // Given
        ObjectNode spoilt = Overlay.copy(overlay.the("StatefulSet", "tally"));
        ((ObjectNode) spoilt.at("/spec/template/spec/containers/0/readinessProbe")).put("periodSecond", 5);

        // Then
        assertThatThrownBy(() -> check(spoilt)).hasMessageContaining("periodSecond");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldNameEverythingOnce(Overlay overlay) {
        // When
        List<String> names = overlay.documents().stream()
                .map(document -> document.path("kind").asText() + " "
                        + document.path("metadata").path("name").asText())
                .toList();

        // Then
        assertThat(names).doesNotHaveDuplicates();
    }

    /** Without this, a change of the sources that nobody rendered would not be tested. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldBeRenderedFromTheSources(Overlay overlay) throws IOException {
        assertThat(Files.readAllLines(Overlay.KEPT.resolve(overlay.name() + ".yaml")))
                .as("run k8s/render.sh")
                .first()
                .asString()
                .endsWith(sumOfSources());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldKeepWhatKustomizeRenders(Overlay overlay) throws IOException {
        // When
        Set<JsonNode> kept =
                new HashSet<>(Overlay.read(Overlay.KEPT, overlay.name()).documents());

        // Then
        assertThat(kept).as("run k8s/render.sh").isEqualTo(new HashSet<>(overlay.documents()));
    }

    @Test
    void shouldListEveryManifestInAKustomization() throws IOException {
        for (Path file : manifests().toList()) {
            Path kustomization = Objects.requireNonNull(file.getParent()).resolve("kustomization.yaml");
            assertThat(Files.readString(kustomization))
                    .contains(Objects.requireNonNull(file.getFileName()).toString());
        }
    }

    private static void check(JsonNode document) throws IOException {
        String name = document.path("kind").asText();
        String version = document.path("apiVersion").asText();
        Kind kind = KINDS.get(name);
        if (kind == null) {
            assertThat(FOREIGN).containsEntry(name, version);
            return;
        }
        assertThat(version).as(name).isEqualTo(kind.version());
        kind.check().of(JsonParser.parseString(document.toString()));
    }

    /** As the script computes it: of what {@code sha256sum} prints of the files, sorted by name. */
    private static String sumOfSources() throws IOException {
        StringBuilder sums = new StringBuilder();
        for (Path file : files().sorted().toList()) {
            sums.append(sha256(Files.readAllBytes(file)))
                    .append("  ")
                    .append(file)
                    .append('\n');
        }
        return sha256(sums.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(Path.of("k8s"))) {
            return walk.filter(Files::isRegularFile).toList().stream();
        }
    }

    static Stream<Path> manifests() throws IOException {
        return files().filter(file ->
                file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml") && !isPatch(file));
    }

    private static boolean isPatch(Path file) {
        return file.startsWith("k8s/overlays") && file.endsWith("statefulset.yaml");
    }

    static Stream<Overlay> overlays() throws IOException {
        return Overlay.all();
    }
}

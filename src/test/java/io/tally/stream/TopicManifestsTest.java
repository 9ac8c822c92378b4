package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.ops.Overlay;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Topics that are made by the manifests are those that the ledger would make, and that the start checks ask for. */
class TopicManifestsTest {
    private final Overlay prod = Overlay.prod();
    private final WebhookTopics webhooks = WebhookTopics.of(prod.environment().getOrDefault("TALLY_TOPIC_PREFIX", ""));
    private final List<JsonNode> manifests = prod.all("KafkaTopic");

    TopicManifestsTest() throws IOException {}

    @Test
    void shouldMakeTheTopicsThatTheLedgerWouldMake() {
        // Given
        Map<String, String> environment = prod.environment();
        String prefix = environment.getOrDefault("TALLY_TOPIC_PREFIX", "");
        LedgerTopics topics = LedgerTopics.of(prefix, environment.getOrDefault("KAFKA_APPLICATION_ID", ""));
        Map<String, Map<String, String>> expected = new TreeMap<>();
        topics.toCreate(2).forEach(topic -> expected.put(topic.name(), topic.config()));
        webhooks.toCreate(2).forEach(topic -> expected.put(topic.name(), topic.config()));

        // When
        Map<String, Map<String, String>> made = new TreeMap<>();
        manifests.forEach(
                manifest -> made.put(manifest.at("/spec/topicName").asText(), config(manifest.at("/spec/config"))));

        // Then
        assertThat(made).isEqualTo(expected);
    }

    @Test
    void shouldHaveThePartitionsThatTheStartAsksFor() {
        assertThat(manifests).allSatisfy(manifest -> {
            String partitions = manifest.at("/spec/topicName").asText().equals(webhooks.endpoints())
                    ? "1"
                    : prod.environment().get("TALLY_PARTITIONS");
            assertThat(manifest.at("/spec/partitions").asText()).isEqualTo(partitions);
            assertThat(manifest.at("/spec/replicas").asInt()).isEqualTo(3);
            assertThat(manifest.path("spec").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("topicName", "partitions", "replicas", "config");
        });
    }

    /** Numbers of 19 digits are changed by what reads them as floating-point numbers. */
    @Test
    void shouldWriteLongNumbersAsText() {
        assertThat(manifests)
                .allSatisfy(manifest -> assertThat(manifest.at("/spec/config"))
                        .allSatisfy(value -> assertThat(value.isTextual()).isTrue()));
    }

    @Test
    void shouldOutliveTheirManifests() {
        assertThat(manifests).allSatisfy(manifest -> {
            JsonNode annotations = manifest.at("/metadata/annotations");
            assertThat(annotations.path("argocd.argoproj.io/sync-options").asText())
                    .isEqualTo("Prune=false,Delete=false");
            assertThat(annotations.path("kustomize.toolkit.fluxcd.io/prune").asText())
                    .isEqualTo("disabled");
        });
    }

    private static Map<String, String> config(JsonNode config) {
        Map<String, String> settings = new HashMap<>();
        config.properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return settings;
    }
}

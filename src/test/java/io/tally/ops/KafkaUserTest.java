package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.stream.LedgerTopics;
import io.tally.stream.WebhookTopics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The user of the prod overlay may do what an instance does, on its own topics, group and transactions only. */
class KafkaUserTest {
    private static final Set<String> READ_AND_WRITTEN = Set.of("Read", "Write", "DescribeConfigs");

    private final Overlay prod = Overlay.prod();
    private final JsonNode user = prod.the("KafkaUser", "tally").path("spec");

    KafkaUserTest() throws IOException {}

    @Test
    void shouldBeGrantedWhatTheLedgerNeedsAndNoMore() {
        // Given
        String ledger = prod.environment().getOrDefault("KAFKA_APPLICATION_ID", "");
        String prefix = prod.environment().getOrDefault("TALLY_TOPIC_PREFIX", "");
        LedgerTopics topics = LedgerTopics.of(prefix, ledger);
        WebhookTopics webhooks = WebhookTopics.of(prefix);
        Map<String, Set<String>> expected = new TreeMap<>();
        for (String topic : List.of(
                topics.input(),
                topics.output(),
                topics.deadLetters(),
                topics.journal(),
                webhooks.endpoints(),
                webhooks.progress(),
                webhooks.dead())) {
            expected.put("topic literal " + topic, READ_AND_WRITTEN);
        }
        expected.put("group literal " + ledger, Set.of("Read"));
        expected.put("group literal " + ledger + "-webhooks", Set.of("Read"));
        expected.put("transactionalId prefix " + ledger + "-", Set.of("Write"));

        // When
        Map<String, Set<String>> granted = new TreeMap<>();
        for (JsonNode acl : user.at("/authorization/acls")) {
            JsonNode resource = acl.path("resource");
            Set<String> operations = new TreeSet<>();
            acl.path("operations").forEach(operation -> operations.add(operation.asText()));
            granted.put(
                    String.join(
                            " ",
                            resource.path("type").asText(),
                            resource.path("patternType").asText(),
                            resource.path("name").asText()),
                    operations);
        }

        // Then
        assertThat(granted).isEqualTo(expected);
    }

    @Test
    void shouldSayNothingThatStrimziDoesNotKnow() {
        // When
        List<String> fields = new ArrayList<>();
        user.fieldNames().forEachRemaining(fields::add);

        // Then
        assertThat(fields).containsExactlyInAnyOrder("authentication", "authorization");
        assertThat(user.at("/authorization/type").asText()).isEqualTo("simple");
        assertThat(user.at("/authorization/acls")).allSatisfy(acl -> {
            assertThat(acl.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("resource", "operations");
            assertThat(acl.path("resource").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("type", "name", "patternType");
        });
    }

    /** Strimzi puts the log-in of a user into a Secret of the user's name. */
    @Test
    void shouldLogInAsTheUser() {
        // Given
        List<JsonNode> secrets = prod.container().path("env").findValues("secretKeyRef");

        // Then
        assertThat(user.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
        assertThat(prod.environment())
                .containsEntry("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
                .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        assertThat(secrets).singleElement().satisfies(secret -> {
            assertThat(secret.path("name").asText()).isEqualTo("tally");
            assertThat(secret.path("key").asText()).isEqualTo("sasl.jaas.config");
        });
    }
}

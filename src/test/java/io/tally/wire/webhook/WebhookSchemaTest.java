package io.tally.wire.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published schema of deliveries, with its examples: those of outcomes, and what is put around them. */
class WebhookSchemaTest {
    private static final Path SCHEMAS = Path.of("schemas");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SCHEMAS.resolve("webhook.schema.json").toUri());

    private static JsonNode read(String file) throws IOException {
        return JSON.readTree(SCHEMAS.resolve(file).toFile());
    }

    @ParameterizedTest
    @CsvSource({
        "transaction-accepted, deposit, TRANSACTION_ACCEPTED",
        "transaction-rejected, withdraw-insufficient-funds, TRANSACTION_REJECTED",
        "user-opened, open, USER_OPENED"
    })
    void shouldDescribeADeliveryOfEachType(String example, String outcome, EventType type) throws IOException {
        // Given
        JsonNode body = read("examples/webhooks/" + example + ".json");

        // Then
        assertThat(schema.validate(body)).isEmpty();
        assertThat(body.path("type").asText()).isEqualTo(type.text());
        assertThat(body.path("data")).isEqualTo(read("examples/outcomes/" + outcome + ".json"));
        assertThat(body.path("timestamp")).isEqualTo(body.path("data").path("recorded_at"));
        for (EventType other : EventType.values()) {
            ObjectNode contradicting = body.deepCopy();
            contradicting.put("type", other.text());
            assertThat(schema.validate(contradicting).isEmpty())
                    .as(contradicting.toString())
                    .isEqualTo(other == type);
        }
        for (String field : List.of("type", "timestamp", "data")) {
            ObjectNode without = body.deepCopy();
            without.remove(field);
            assertThat(schema.validate(without)).isNotEmpty();
        }
        ObjectNode broken = body.deepCopy();
        broken.withObject("/data").remove("uid");
        assertThat(schema.validate(broken)).isNotEmpty();
    }

    @Test
    void shouldDescribeEveryFieldAndHoldItsOwnExamples() throws IOException {
        JsonNode description = read("webhook.schema.json");
        description
                .path("properties")
                .properties()
                .forEach(
                        field -> assertThat(field.getValue().path("description").asText())
                                .as(field.getKey())
                                .isNotEmpty());
        assertThat(description.path("examples"))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(schema.validate(example)).isEmpty());
    }
}

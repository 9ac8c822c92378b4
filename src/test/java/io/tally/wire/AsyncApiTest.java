package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.ledger.Source;
import io.tally.stream.LedgerTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What {@code schemas/asyncapi.yaml} says of the topics is what the program writes. */
class AsyncApiTest {
    private static final Path SCHEMAS = Path.of("schemas");

    private final JsonNode api = read();

    private static JsonNode read() {
        try {
            // Anchors and aliases are resolved by the YAML reader.
            Object document = new Yaml().load(Files.readString(SCHEMAS.resolve("asyncapi.yaml")));
            return new ObjectMapper().valueToTree(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNameTheTopics() {
        LedgerTopics topics = LedgerTopics.of("", "tally");
        assertThat(api.path("channels").findValuesAsText("address"))
                .containsExactly(topics.input(), topics.output(), topics.deadLetters());
    }

    /** A start refuses what is written with the input's times to topics that limit them. */
    @Test
    void shouldGiveWhatIsWrittenNoLimitOfItsTime() {
        for (String channel : List.of("transactionsOut", "transactionsDlq")) {
            JsonNode settings = api.path("channels").path(channel).at("/bindings/kafka/topicConfiguration");
            for (String limit : List.of("message.timestamp.before.max.ms", "message.timestamp.after.max.ms")) {
                assertThat(settings.path(limit).asText()).as(limit).isEqualTo(Long.toString(Long.MAX_VALUE));
            }
        }
    }

    @Test
    void shouldHaveTheHeadersOfEachOutcome() {
        for (String message : List.of("accepted", "rejected", "opened")) {
            JsonNode headers = message(message).path("headers");
            assertThat(names(headers.path("required"))).isEqualTo(new TreeSet<>(outcomeHeaders()));
            assertThat(fields(headers.path("properties")))
                    .isEqualTo(new TreeSet<>(
                            Stream.concat(outcomeHeaders().stream(), Stream.of("traceparent", "tracestate"))
                                    .toList()));
            assertThat(names(headers.path("properties").path("ce_type").path("enum")))
                    .containsExactlyInAnyOrder(
                            OutcomeHeaders.ACCEPTED_TYPE, OutcomeHeaders.REJECTED_TYPE, OutcomeHeaders.OPENED_TYPE);
            assertThat(headers.path("properties")
                            .path("ce_dataschema")
                            .path("const")
                            .asText())
                    .isEqualTo(OutcomeHeaders.DATA_SCHEMA);
        }
        assertThat(message("accepted").path("name").asText()).isEqualTo(OutcomeHeaders.ACCEPTED_TYPE);
        assertThat(message("rejected").path("name").asText()).isEqualTo(OutcomeHeaders.REJECTED_TYPE);
        assertThat(message("opened").path("name").asText()).isEqualTo(OutcomeHeaders.OPENED_TYPE);
    }

    private static List<String> outcomeHeaders() {
        return OutcomeHeaders.of(Samples.entries().values().iterator().next()).stream()
                .map(WireHeader::key)
                .toList();
    }

    @Test
    void shouldHaveTheHeadersAndCodesOfADeadLetter() {
        JsonNode headers = message("deadLetter").path("headers");
        List<String> written =
                DeadLetterHeaders.of(DeadLetterCode.TOO_LARGE, "Expected less", "transactions-in", new Source(1, 2))
                        .stream()
                        .map(WireHeader::key)
                        .collect(Collectors.toCollection(ArrayList::new));
        assertThat(names(headers.path("required"))).isEqualTo(new TreeSet<>(written));
        written.add(DeadLetterHeaders.TRUNCATED);
        assertThat(fields(headers.path("properties"))).isEqualTo(new TreeSet<>(written));
        assertThat(StreamSupport.stream(
                                headers.path("properties")
                                        .path(DeadLetterHeaders.CODE)
                                        .path("enum")
                                        .spliterator(),
                                false)
                        .map(JsonNode::asText))
                .containsExactlyElementsOf(Arrays.stream(DeadLetterCode.values())
                        .map(DeadLetterCode::wireName)
                        .toList());
    }

    @Test
    void shouldPointToSchemasThatAreThere() {
        List<String> files = api.path("components").findValuesAsText("$ref").stream()
                .filter(reference -> !reference.startsWith("#"))
                .distinct()
                .toList();
        assertThat(files)
                .containsExactlyInAnyOrder("command.schema.json", "command-event.schema.json", "outcome.schema.json");
        assertThat(files).allSatisfy(file -> assertThat(SCHEMAS.resolve(file)).isRegularFile());
    }

    @Test
    void shouldSayOfAnEventsContentTypeWhatTheProgramTakesForOne() {
        Pattern pattern = Pattern.compile(message("commandEvent")
                .at("/headers/properties/content-type/pattern")
                .asText());
        for (String type : List.of(
                "application/cloudevents+json",
                "Application/CloudEvents+JSON \t; charset=UTF-8",
                "application/cloudevents+json;",
                "application/json",
                "application/cloudevents+jsonx",
                "application/cloudevents-batch+json")) {
            assertThat(pattern.matcher(type).find())
                    .as(type)
                    .isEqualTo(CommandFormat.of(Samples.utf8(type)) == CommandFormat.EVENT);
        }
    }

    @Test
    void shouldDescribeEveryHeader() {
        for (JsonNode message : api.path("components").path("messages")) {
            assertThat(message.path("title").asText()).isNotEmpty();
            message.path("headers")
                    .path("properties")
                    .properties()
                    .forEach(header -> assertThat(
                                    header.getValue().path("description").asText())
                            .as(header.getKey())
                            .isNotEmpty());
        }
    }

    private JsonNode message(String name) {
        return api.path("components").path("messages").path(name);
    }

    private static TreeSet<String> names(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> fields(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}

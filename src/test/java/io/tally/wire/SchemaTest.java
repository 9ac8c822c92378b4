package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published schemas, their examples and the codecs say the same. */
class SchemaTest {
    private static final Path SCHEMAS = Path.of("schemas");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a schema cannot say: another source has it (table, calendar, key), or the notation of a number is lost. */
    private static final Set<String> BEYOND_THE_SCHEMA = Set.of(
            "missing_field.user",
            "invalid_amount.exponent-number",
            "invalid_amount.too-precise",
            "invalid_currency.unknown",
            "invalid_currency.open",
            "invalid_timestamp.no-leap-day",
            "malformed_json.twice");

    private final JsonSchema commandSchema = schema("command.schema.json");
    private final JsonSchema outcomeSchema = schema("outcome.schema.json");
    private final CommandDecoder decoder = new CommandDecoder(Samples.CURRENCIES, "USD");
    private final OutcomeEncoder encoder = new OutcomeEncoder(Samples.CURRENCIES);

    @Test
    void shouldAcceptTheValidCommands() throws IOException {
        for (Path file : files("examples/commands/valid")) {
            byte[] json = Files.readAllBytes(file);
            assertThat(commandSchema.validate(JSON.readTree(json)))
                    .as(file.toString())
                    .isEmpty();
            assertThat(decoder.decode(null, json, 0)).as(file.toString()).isInstanceOf(Decoded.Valid.class);
        }
    }

    @Test
    void shouldAcceptTheCommandsInEvents() throws IOException {
        JsonNode examples = JSON.readTree(
                        SCHEMAS.resolve("command-event.schema.json").toFile())
                .get("examples");
        assertThat(examples).isNotEmpty();
        for (JsonNode event : examples) {
            assertThat(commandSchema.validate(event.get("data"))).isEmpty();
            assertThat(decoder.decode(null, JSON.writeValueAsBytes(event), CommandFormat.EVENT, 0))
                    .isInstanceOf(Decoded.Valid.class);
        }
    }

    @Test
    void shouldRefuseWhatIsNoEvent() throws IOException {
        JsonSchema eventSchema = schema("command-event.schema.json");
        JsonNode example = JSON.readTree(
                        SCHEMAS.resolve("command-event.schema.json").toFile())
                .get("examples")
                .get(0);
        for (String attribute : List.of("specversion", "id", "source", "type", "data")) {
            ObjectNode without = example.deepCopy();
            without.remove(attribute);
            ObjectNode empty = example.deepCopy();
            empty.put(attribute, "");
            for (JsonNode event : List.of(without, empty)) {
                assertThat(eventSchema.validate(event)).as(event.toString()).isNotEmpty();
                assertThat(decoder.decode(null, JSON.writeValueAsBytes(event), CommandFormat.EVENT, 0))
                        .isInstanceOf(Decoded.Invalid.class);
            }
        }
    }

    @Test
    void shouldRefuseTheInvalidCommandsWithTheCodeInTheirFileName() throws IOException {
        for (Path file : files("examples/commands/invalid")) {
            // Given
            String name = name(file);
            byte[] json = Files.readAllBytes(file);

            // When
            Decoded decoded = decoder.decode(null, json, 0);

            // Then
            assertThat(decoded).as(name).isInstanceOf(Decoded.Invalid.class);
            assertThat(((Decoded.Invalid) decoded).first().code().wireName()).isEqualTo(name.replaceFirst("\\..*", ""));
            if (!name.equals("malformed_json.broken")) {
                assertThat(commandSchema.validate(JSON.readTree(json)).isEmpty())
                        .as(name)
                        .isEqualTo(BEYOND_THE_SCHEMA.contains(name));
            }
        }
    }

    @Test
    void shouldHaveAnExampleOfEveryCodeThatOneDocumentCanShow() throws IOException {
        Set<String> shown = files("examples/commands/invalid").stream()
                .map(file -> name(file).replaceFirst("\\..*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> codes = Arrays.stream(DeadLetterCode.values())
                .map(DeadLetterCode::wireName)
                .collect(Collectors.toCollection(TreeSet::new));
        codes.removeAll(Set.of("too_large", "key_mismatch", "uid_conflict"));
        assertThat(shown).isEqualTo(codes);
    }

    @Test
    void shouldDescribeEveryOutcome() throws IOException {
        for (Map.Entry<String, JournalEntry> sample : Samples.entries().entrySet()) {
            // When
            JsonNode outcome = JSON.readTree(encoder.encode(sample.getValue()));

            // Then
            assertThat(outcomeSchema.validate(outcome)).as(sample.getKey()).isEmpty();
            assertThat(JSON.readTree(SCHEMAS.resolve("examples/outcomes/" + sample.getKey() + ".json")
                            .toFile()))
                    .isEqualTo(outcome);
        }
        assertThat(files("examples/outcomes")).hasSameSizeAs(Samples.entries().keySet());
    }

    @Test
    void shouldShowEveryTypeAndReasonAmongTheExamples() throws IOException {
        Set<String> types = new TreeSet<>();
        Set<String> reasons = new TreeSet<>();
        for (Path file : files("examples/outcomes")) {
            JsonNode outcome = JSON.readTree(file.toFile());
            types.add(outcome.get("type").asText());
            reasons.add(outcome.path("reason").asText("ACCEPTED"));
        }
        assertThat(types).isEqualTo(names(CommandType.values()));
        assertThat(reasons).contains("ACCEPTED").containsAll(names(io.tally.ledger.Rejection.values()));
    }

    @Test
    void shouldRefuseOutcomesThatContradictThemselves() throws IOException {
        String json = Files.readString(SCHEMAS.resolve("examples/outcomes/withdraw-insufficient-funds.json"));
        for (String broken : List.of(
                json.replace("REJECTED", "ACCEPTED"),
                json.replace("WITHDRAW", "OPEN"),
                json.replace("\"0.00\"", "\"-1.00\""),
                json.replace("1000.00", "1e3"))) {
            assertThat(broken).isNotEqualTo(json);
            assertThat(outcomeSchema.validate(JSON.readTree(broken))).isNotEmpty();
        }
    }

    @Test
    void shouldDescribeEveryFieldAndHoldItsOwnExamples() throws IOException {
        for (String name : List.of("command.schema.json", "command-event.schema.json", "outcome.schema.json")) {
            JsonNode schema = JSON.readTree(SCHEMAS.resolve(name).toFile());
            schema.get("properties").properties().forEach(field -> {
                assertThat(field.getValue().path("description").asText())
                        .as(field.getKey())
                        .isNotEmpty();
            });
            JsonSchema validator = schema(name);
            for (JsonNode example : schema.get("examples")) {
                assertThat(validator.validate(example)).isEmpty();
            }
        }
        Set<String> described = new TreeSet<>();
        JSON.readTree(SCHEMAS.resolve("command.schema.json").toFile())
                .get("properties")
                .fieldNames()
                .forEachRemaining(described::add);
        assertThat(described)
                .isEqualTo(Arrays.stream(InputField.values())
                        .map(InputField::wireName)
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(JSON.readTree(SCHEMAS.resolve("outcome.schema.json").toFile())
                        .get("$id")
                        .asText())
                .isEqualTo(OutcomeHeaders.DATA_SCHEMA);
    }

    private static JsonSchema schema(String name) {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(Files.readString(SCHEMAS.resolve(name)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> files(String directory) throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS.resolve(directory))) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }

    private static Set<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
    }
}

package io.tally.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The calls as {@code schemas/openapi.yaml} has them. Judges answers, and knows what of all that is documented it has seen.
 * For one thread.
 */
final class ApiContract {
    static final Path DESCRIPTION = Path.of("schemas/openapi.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern QUOTED = Pattern.compile("`([a-z_]+)`");
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "options", "head", "trace");

    /** What any answer may carry: HTTP itself, caching, browsers' protection, and what instances tell each other. */
    private static final Set<String> EVERYWHERE = headerNames(
            "Cache-Control",
            "Connection",
            "Content-Length",
            "Content-Security-Policy",
            "Content-Type",
            "Date",
            "Referrer-Policy",
            "Transfer-Encoding",
            "X-Accel-Buffering",
            "X-Content-Type-Options");

    /** A call, with all references resolved. */
    record Operation(String id, String method, String path, JsonNode node) {
        /** Whether it is for everybody, tokens or not. */
        boolean isOpen() {
            return node.path("security").isArray() && node.path("security").isEmpty();
        }

        boolean documents(int status) {
            return node.path("responses").has(String.valueOf(status));
        }

        /** The media types of the request's body, none when it has none. */
        JsonNode bodies() {
            return node.path("requestBody").path("content");
        }
    }

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<JsonNode, JsonSchema> schemas = new LinkedHashMap<>();
    private final Set<String> seen = new TreeSet<>();
    private final List<String> flaws = new ArrayList<>();

    ApiContract() {
        JsonNode document = document(DESCRIPTION);
        document.path("paths").properties().forEach(path -> {
            JsonNode common = path.getValue().path("parameters");
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    ObjectNode node = (ObjectNode) resolved(method.getValue(), document);
                    ArrayNode parameters = node.withArrayProperty("parameters");
                    resolved(common, document).forEach(parameters::add);
                    String id = node.path("operationId").asText();
                    operations.put(
                            id, new Operation(id, method.getKey().toUpperCase(Locale.ROOT), path.getKey(), node));
                }
            }
        });
    }

    Iterable<Operation> operations() {
        return operations.values();
    }

    Operation operation(String id) {
        Operation operation = operations.get(id);
        if (operation == null) {
            throw new AssertionError("Expected the call " + id + " to be documented");
        }
        return operation;
    }

    /** What was wrong with the answers so far. */
    List<String> flaws() {
        return flaws;
    }

    // ---- what is documented

    private static JsonNode document(Path file) {
        try (var reader = Files.newBufferedReader(file)) {
            // Jackson's own reader of YAML does not follow aliases.
            return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(reader));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node without references; none of the schemas refers to itself. */
    private static JsonNode resolved(JsonNode node, JsonNode document) {
        JsonNode reference = node.path("$ref");
        if (reference.isTextual() && reference.asText().startsWith("#")) {
            JsonNode target = document.at(reference.asText().substring(1));
            if (target.isMissingNode()) {
                throw new AssertionError("Expected " + reference.asText() + " to be there");
            }
            return resolved(target, document);
        } else if (reference.isTextual()) {
            JsonNode other = document(DESCRIPTION.resolveSibling(reference.asText()));
            return ((ObjectNode) resolved(other, other)).without(List.of("$id", "$schema"));
        } else if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), resolved(field.getValue(), document)));
            return copy;
        } else if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> copy.add(resolved(item, document)));
            return copy;
        }
        return node;
    }

    /** Everything that some answer must show: media types, headers, codes, parameters, and the statuses of results. */
    Set<String> documented() {
        Set<String> all = new TreeSet<>();
        for (Operation operation : operations.values()) {
            operation.node().path("parameters").forEach(parameter -> all.add(place(operation, parameter)));
            operation.node().path("responses").properties().forEach(response -> {
                String place = operation.id() + " " + response.getKey();
                all.add(place);
                response.getValue().path("content").fieldNames().forEachRemaining(type -> all.add(place + " " + type));
                response.getValue().path("headers").fieldNames().forEachRemaining(name -> all.add(place + " " + name));
                codes(response.getValue()).forEach(code -> all.add(code(response.getValue(), code)));
                itemStatuses(response.getValue()).forEach(status -> all.add(place + " of a result: " + status));
            });
        }
        return all;
    }

    /** What is documented and was not seen. */
    Set<String> unseen() {
        Set<String> rest = documented();
        rest.removeAll(seen);
        return rest;
    }

    private static String place(Operation operation, JsonNode parameter) {
        return operation.id() + " takes " + parameter.path("name").asText();
    }

    private static String code(JsonNode response, String code) {
        return code + " of: " + response.path("description").asText().strip();
    }

    private static Set<String> codes(JsonNode response) {
        Set<String> known =
                Arrays.stream(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toSet());
        Matcher quoted = QUOTED.matcher(response.path("description").asText());
        Set<String> codes = new TreeSet<>();
        while (quoted.find()) {
            if (known.contains(quoted.group(1))) {
                codes.add(quoted.group(1));
            }
        }
        return codes;
    }

    /** In the answer to many commands. */
    private static JsonNode itemStatuses(JsonNode response) {
        return response.at("/content/application~1json/schema/items/properties/status/enum");
    }

    private static Set<String> headerNames(String... names) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(List.of(names));
        return all;
    }

    // ---- what is asked

    /** Notes that a parameter did what it is there for. */
    void sawParameter(String id, JsonNode parameter) {
        seen.add(place(operation(id), parameter));
    }

    /** What a schema says against a value. */
    List<String> validate(JsonNode schema, JsonNode value) {
        return schemas
                .computeIfAbsent(
                        schema,
                        ignored -> JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                .getSchema(
                                        schema,
                                        SchemaValidatorsConfig.builder()
                                                .formatAssertionsEnabled(true)
                                                .build()))
                .validate(value)
                .stream()
                .map(Object::toString)
                .toList();
    }

    // ---- what is answered

    /** Holds an answer against what is documented. */
    void judge(Operation operation, Answer answer) {
        JsonNode responses = operation.node().path("responses");
        String code = answer.mediaType().equals(Answers.PROBLEM_JSON)
                ? Api.json(answer.body()).path("code").asText()
                : "";
        String status = String.valueOf(answer.status());
        // The one place for what the server refuses before it knows the call.
        boolean refused =
                !responses.has(status) && codes(responses.path("default")).contains(code);
        String key = refused ? "default" : status;
        JsonNode response = responses.path(key);
        String place = operation.id() + " " + key;
        if (response.isMissingNode()) {
            flaws.add(place + " is not documented: " + answer.body());
            return;
        }
        seen.add(place);
        seen.add(code(response, code));
        if (!code.isEmpty() && !codes(response).contains(code)) {
            flaws.add(place + " does not name the code " + code);
        }
        judgeHeaders(place, response, answer);
        judgeBody(place, response, answer);
        judgeCaching(place, operation, answer);
    }

    private void judgeHeaders(String place, JsonNode response, Answer answer) {
        for (String name : answer.headers().keySet()) {
            if (!EVERYWHERE.contains(name)
                    && headerNames(fieldNames(response.path("headers"))).add(name)) {
                flaws.add(place + " does not document the header " + name);
            }
        }
        response.path("headers").properties().forEach(header -> {
            if (answer.headers().containsKey(header.getKey())) {
                seen.add(place + " " + header.getKey());
                validate(header.getValue().path("schema"), TextNode.valueOf(answer.header(header.getKey())))
                        .forEach(flaw -> flaws.add(place + " " + header.getKey() + ": " + flaw));
            } else if (header.getValue().path("required").asBoolean()) {
                flaws.add(place + " lacks the header " + header.getKey());
            }
        });
    }

    private void judgeBody(String place, JsonNode response, Answer answer) {
        String type = answer.mediaType();
        JsonNode content = response.path("content");
        if (content.isMissingNode() && answer.body().isEmpty()) {
            return;
        }
        if (!content.has(type)) {
            flaws.add(place + " does not document the media type '" + type + "'");
            return;
        }
        seen.add(place + " " + type);
        switch (type) {
            case Answers.PROBLEM_JSON -> {
                JsonNode problem = judgeValue(place, content.path(type), Api.json(answer.body()));
                if (problem.path("status").asInt() != answer.status()) {
                    flaws.add(place + " says another status in its body: " + answer.body());
                }
            }
            case BulkHandler.NDJSON -> {
                JsonNode results = content.path(Parameters.JSON);
                ArrayNode lines = JSON.createArrayNode();
                answer.body().lines().map(Api::json).forEach(lines::add);
                sawItems(place, response, judgeValue(place, results, lines));
            }
            case "text/event-stream" -> {
                JsonNode outcome = operation("getTransaction").node().at("/responses/200/content/application~1json");
                answer.body()
                        .lines()
                        .filter(line -> line.startsWith("data: "))
                        .forEach(line -> judgeValue(place, outcome, Api.json(line.substring("data: ".length()))));
            }
            default -> {
                boolean json = type.endsWith("json");
                JsonNode value = json ? Api.json(answer.body()) : TextNode.valueOf(answer.body());
                sawItems(place, response, judgeValue(place, content.path(type), value));
            }
        }
    }

    private JsonNode judgeValue(String place, JsonNode mediaType, JsonNode value) {
        validate(mediaType.path("schema"), value).forEach(flaw -> flaws.add(place + ": " + flaw + " in " + value));
        return value;
    }

    private void sawItems(String place, JsonNode response, JsonNode results) {
        if (!itemStatuses(response).isMissingNode()) {
            results.forEach(result -> seen.add(place + " of a result: " + result.path("status")));
        }
    }

    /** State is never kept; pages are asked for again. */
    private void judgeCaching(String place, Operation operation, Answer answer) {
        boolean page = !operation.path().matches("/(v1|health|metrics).*") && answer.status() == 200;
        String expected = page ? "no-cache" : "no-store";
        if (!answer.header("Cache-Control").equals(expected)) {
            flaws.add(place + " says Cache-Control: " + answer.header("Cache-Control"));
        }
    }

    private static String[] fieldNames(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names.toArray(String[]::new);
    }
}

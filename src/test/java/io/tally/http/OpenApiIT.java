package io.tally.http;

import static io.tally.http.DocumentedCalls.ENDPOINTS;
import static io.tally.http.DocumentedCalls.examples;
import static io.tally.http.DocumentedCalls.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.tally.http.ApiContract.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API does what its description says and nothing else: every documented call, status, media type, header, parameter and
 * code is provoked, and nothing comes that is not documented. One broker serves all tests; users are the tests' own.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OpenApiIT {
    @TempDir
    private static Path directory;

    private static OpenApiRig rig;
    private static Api api;

    private final ApiContract contract = new ApiContract();

    @BeforeAll
    static void start() throws Exception {
        rig = new OpenApiRig(directory);
        api = rig.api();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @Test
    void shouldDoWhatIsDocumentedAndNothingElse() throws Exception {
        // Given
        DocumentedCalls calls = new DocumentedCalls(contract);
        RefusalSteps refusals = new RefusalSteps(rig, contract, calls);
        CommandSteps commands = new CommandSteps(rig, contract, calls);
        LookUpSteps lookUps = new LookUpSteps(rig, contract, calls);
        OperatorSteps operators = new OperatorSteps(rig, calls);
        OutageSteps outages = new OutageSteps(rig, contract, calls);

        // When
        outages.takeLong();
        for (Operation operation : contract.operations()) {
            refusals.refuse(operation);
            refusals.refuseByTheEdge(operation);
            refusals.refuseParameters(operation);
        }
        refusals.guardMetrics();
        commands.transaction("postTransaction");
        commands.transaction("putTransaction");
        commands.transactions();
        commands.openUsers();
        lookUps.lookUp();
        lookUps.follow("getEvents", "/v1/events");
        lookUps.follow("getUserEvents", "/v1/user/seen/events");
        operators.operate();
        operators.webhooks();
        operators.changeUnknown();
        commands.trace();
        outages.manyBodies();
        rig.stopStrictLedger();
        outages.stopped();
        calls.awaitAll();

        // Then
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(contract.flaws()).isEmpty();
            softly.assertThat(contract.unseen()).isEmpty();
        });
    }

    // ---- the description itself

    @Test
    void shouldShowExamplesThatWork() {
        String endpoint = api.send(
                        "POST", ENDPOINTS, "{\"url\":\"https://shop.example/\"}", "Idempotency-Key", "examples")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        for (Operation operation : contract.operations()) {
            operation.bodies().properties().forEach(body -> {
                List<JsonNode> examples = examples(body.getValue());
                assertThat(examples).as(operation.id() + " " + body.getKey()).isNotEmpty();
                for (JsonNode example : examples) {
                    assertThat(contract.validate(body.getValue().path("schema"), example))
                            .isEmpty();
                    Answer answer = Answer.of(api.send(
                            operation.method(),
                            operation.path().replace(ENDPOINTS + "/{id}", endpoint),
                            example.isTextual() ? example.asText() : example.toString(),
                            "Content-Type",
                            body.getKey()));
                    assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
                    assertThat(answer.body()).doesNotContain("problem");
                }
            });
            for (JsonNode parameter : operation.node().path("parameters")) {
                for (JsonNode example : examples(parameter)) {
                    assertThat(contract.validate(parameter.path("schema"), example))
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void shouldServeTheDocumentedPathsAndNoOthers() throws Exception {
        // Given
        Set<String> documented = new TreeSet<>();
        contract.operations().forEach(operation -> documented.add(operation.method() + " " + operation.path()));
        for (String asset : assets()) {
            documented.add("GET " + asset);
        }
        documented.add("GET " + ConsolePages.PATH + "{file}");

        // Then
        assertThat(routes()).isEqualTo(documented);
        for (Operation operation : contract.operations()) {
            Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
            contract.operations().forEach(other -> {
                if (other.path().equals(operation.path())) {
                    methods.add(other.method());
                }
            });
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            HttpResponse<String> options = api.send("OPTIONS", path(operation), null);
            assertThat(options.statusCode()).isEqualTo(204);
            assertThat(options.headers().firstValue("Allow")).hasValue(String.join(", ", methods));
            HttpResponse<String> deeper = api.get(path(operation).replaceAll("/$", "") + "/x/y");
            assertThat(deeper.statusCode()).isEqualTo(404);
        }
    }

    /** What is registered with Javalin. It is nobody else's business, so the server has no method that tells. */
    private static Set<String> routes() throws ReflectiveOperationException {
        var field = HttpServer.class.getDeclaredField("javalin");
        field.setAccessible(true);
        Set<String> routes = new TreeSet<>();
        ((Javalin) field.get(rig.server()))
                .unsafe
                .internalRouter
                .allHttpHandlers()
                .forEach(route -> {
                    if (route.endpoint.method.isHttpMethod()) {
                        routes.add(route.endpoint.method.name() + " " + route.endpoint.path);
                    }
                });
        return routes;
    }

    /** What the page of the API names. */
    private static List<String> assets() {
        return Pattern.compile("(?:src|href)=\"(/docs/[^\"]+)\"")
                .matcher(api.get("/docs").body())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void shouldServeTheDescriptionAndItsPage() throws IOException {
        for (String file :
                List.of("openapi.yaml", "command.schema.json", "outcome.schema.json", "webhook.schema.json")) {
            assertThat(api.get("/" + file).body()).isEqualTo(Files.readString(Path.of("schemas", file)));
        }
        String page = api.get("/docs").body();
        assertThat(page).doesNotContain("//").doesNotContainPattern("<script>|\\son[a-z]+=");
        assertThat(assets()).hasSize(4);
        List<String> paths = new ArrayList<>(assets());
        paths.add("/docs");
        for (String path : paths) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self';")
                    .contains("frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }
        assertThat(api.get("/docs/start.js").body()).contains("url: '/openapi.yaml'");
    }

    @Test
    void shouldServeTheConsole() {
        for (String path : List.of("/", "/console/main.js", "/console/base.css", "/console/icon.svg")) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValue(ConsolePages.CONTENT_SECURITY_POLICY);
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
        }
        assertThat(rig.guarded().get("/").statusCode())
                .as("the page holds no data")
                .isEqualTo(200);
        for (String path : List.of("/console/index.html", "/console/none.js", "/console/..%2fcurrencies.csv")) {
            assertThat(api.get(path).statusCode()).as(path).isIn(400, 404);
        }
    }
}

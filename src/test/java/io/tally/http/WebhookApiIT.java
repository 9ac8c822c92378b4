package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.SigningSecret;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Webhook endpoints are changed, tested and deleted over HTTP, by those who may. */
class WebhookApiIT extends WebhookApiCases {
    // ---- changing

    @Test
    void shouldChangeWhatIsSentAndLeaveTheRest() {
        // Given
        String path = created("{\"url\":\"https://shop.example/\",\"description\":\"old\",\"users\":[\"alice\"]}");

        // When
        HttpResponse<String> changed = api.send(
                "PATCH",
                path,
                "{\"url\":\"https://new.example/\",\"event_types\":[\"user.opened\"]}",
                "Content-Type",
                "application/merge-patch+json");

        // Then
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).hasValue("\"2\"");
        assertThat(changed.body()).isEqualTo(api.get(path).body());
        assertThat(json(changed).path("url").asText()).isEqualTo("https://new.example/");
        assertThat(json(changed).path("event_types").toString()).isEqualTo("[\"user.opened\"]");
        assertThat(json(changed).path("description").asText()).isEqualTo("old");
        assertThat(json(changed).path("users").toString()).isEqualTo("[\"alice\"]");
        JsonNode emptied = json(api.send("PATCH", path, "{\"description\":null,\"users\":null}"));
        assertThat(emptied.path("description").asText("?")).isEmpty();
        assertThat(emptied.path("users")).isEmpty();
        assertThat(emptied.path("version").asInt()).isEqualTo(3);
        HttpResponse<String> nothing = api.send("PATCH", path, "{\"users\":[]}");
        assertThat(json(nothing)).isEqualTo(emptied);
    }

    @Test
    void shouldPauseAndStartAgain() {
        // Given
        String path = created(MINIMAL);

        // Then
        assertThat(json(api.send("PATCH", path, "{\"state\":\"paused\"}"))
                        .path("state")
                        .asText())
                .isEqualTo("paused");
        api.send("PATCH", path, "{\"state\":\"active\"}");
        assertThat(registry.disable(id(path), registry.endpoints().get(id(path)).version(), DisabledReason.GONE)
                        .join())
                .isTrue();
        JsonNode disabled = json(api.get(path));
        assertThat(disabled.path("state").asText()).isEqualTo("disabled");
        assertThat(disabled.path("disabled_reason").asText()).isEqualTo("gone");
        JsonNode active = json(api.send("PATCH", path, "{\"state\":\"active\"}"));
        assertThat(active.path("state").asText()).isEqualTo("active");
        assertThat(active.path("disabled_reason").isNull()).isTrue();
    }

    @Test
    void shouldRefuseChangesThatCannotBe() {
        String path = created(MINIMAL);
        for (String field : List.of(
                "\"url\":null",
                "\"url\":\"x\"",
                "\"url\":\"https://10.0.0.1/\"",
                "\"event_types\":null",
                "\"event_types\":[]",
                "\"state\":null",
                "\"state\":\"disabled\"",
                "\"state\":\"ACTIVE\"",
                "\"state\":1",
                "\"description\":\"" + "d".repeat(201) + "\"",
                "\"users\":" + list(101, "u"),
                "\"id\":\"x\"",
                "\"version\":7",
                "\"secret\":\"x\"",
                "\"replays\":[]",
                "\"created_at\":\"x\"",
                "\"disabled_reason\":null",
                "\"from\":\"beginning\"",
                "\"other\":null")) {
            String name = field.substring(1, field.indexOf("\":"));
            assertRefused(api.send("PATCH", path, "{" + field + "}"), 400, ProblemCode.INVALID_BODY, "/" + name);
        }
        assertRefused(api.send("PATCH", path, "[]"), 400, ProblemCode.INVALID_BODY);
        assertRefused(
                api.send("PATCH", path, "{}", "Content-Type", "application/json-patch+json"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(api.send("PATCH", NOBODY, "{}"), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(path)).path("version").asInt()).isEqualTo(1);
        assertThat(api.send(
                                "PATCH",
                                path,
                                "{\"description\":\"" + "d".repeat(200) + "\",\"users\":" + list(100, "u") + "}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldChangeOnlyTheVersionThatIsMeant() {
        // Given
        String path = created(MINIMAL);
        String one = "\"1\"";

        // Then
        for (String tag : List.of(one, "*", "\"3\"")) {
            String state = tag.equals("*") ? "active" : "paused";
            assertThat(api.send("PATCH", path, "{\"state\":\"" + state + "\"}", "If-Match", tag)
                            .statusCode())
                    .as(tag)
                    .isEqualTo(200);
        }
        HttpResponse<String> stale = api.send("PATCH", path, "{\"state\":\"paused\"}", "If-Match", one);
        assertRefused(stale, 412, ProblemCode.VERSION_MISMATCH);
        assertRefused(api.send("DELETE", path, null, "If-Match", one), 412, ProblemCode.VERSION_MISMATCH);
        for (String tag : List.of("1", "W/\"1\"", "\"1\", \"2\"", "\"x\"", "\"\"")) {
            assertRefused(
                    api.send("PATCH", path, "{}", "If-Match", tag), 400, ProblemCode.INVALID_PARAMETER, "If-Match");
            assertRefused(
                    api.send("DELETE", path, null, "If-Match", tag), 400, ProblemCode.INVALID_PARAMETER, "If-Match");
        }
        String current = api.get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(api.send("DELETE", path, null, "If-Match", current).statusCode())
                .isEqualTo(204);
    }

    @Test
    void shouldRotateTheSecret() {
        // Given
        HttpResponse<String> created = create(MINIMAL);
        String path = created.headers().firstValue("Location").orElseThrow();
        String first = json(created).path("secret").asText();
        long before = System.currentTimeMillis();

        // When
        HttpResponse<String> rotated = api.send("POST", path + "/rotate-secret", null);

        // Then
        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.headers().firstValue("ETag")).hasValue("\"2\"");
        String second = json(rotated).path("secret").asText();
        assertThat(second).startsWith("whsec_").isNotEqualTo(first);
        long day = Duration.ofDays(1).toMillis();
        assertThat(TimestampText.parse(
                        json(rotated).path("previous_secret_expires_at").asText()))
                .isBetween(before + day, System.currentTimeMillis() + day);
        Endpoint endpoint = registry.endpoints().get(id(path));
        assertThat(endpoint.secrets()).extracting(secret -> secret.secret()).containsExactly(second, first);
        assertThat(endpoint.secrets().get(0).expiresAt()).isNull();
        assertThat(api.get(path).body()).doesNotContain("whsec_");
        SigningSecret replaced = endpoint.secrets().get(1);
        String third = json(api.send("POST", path + "/rotate-secret", null))
                .path("secret")
                .asText();
        List<SigningSecret> secrets = registry.endpoints().get(id(path)).secrets();
        assertThat(secrets).extracting(secret -> secret.secret()).containsExactly(third, second, first);
        // It is the only one that the receiver has when both answers were lost.
        assertThat(secrets.get(2)).isEqualTo(replaced);
        assertRefused(api.send("POST", NOBODY + "/rotate-secret", null), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    @Test
    void shouldDelete() {
        String path = created(MINIMAL);
        HttpResponse<String> deleted = api.send("DELETE", path, null);
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertRefused(api.get(path), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertRefused(api.send("DELETE", path, null), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(ENDPOINTS)).path("items")).isEmpty();
        for (String id : List.of("we_", "we_000000000000000", "we_00000000000000000", "alice", "we_00000000-0000000")) {
            assertRefused(api.get(ENDPOINTS + "/" + id), 400, ProblemCode.INVALID_PARAMETER, "id");
        }
    }

    // ---- tests of endpoints

    @Test
    void shouldSendATestEventWhateverTheState() {
        // Given
        String path = created(MINIMAL);
        api.send("PATCH", path, "{\"state\":\"paused\"}");
        TESTED.clear();

        // When
        HttpResponse<String> tested = api.send("POST", path + "/test", null);

        // Then
        assertThat(tested.statusCode()).as(tested.body()).isEqualTo(200);
        assertThat(tested.body())
                .isEqualTo("{\"at\":\"2026-09-21T14:13:20.000Z\",\"success\":false,\"status\":500,\"latency_ms\":17,"
                        + "\"error\":null,\"answer\":\"<script>\"}");
        assertThat(TESTED).containsExactly(registry.endpoints().get(id(path)));
        JsonNode gone = json(api.send("POST", created("{\"url\":\"https://gone.example/\"}") + "/test", null));
        assertThat(gone.path("status").isNull()).isTrue();
        assertThat(gone.path("error").asText()).isEqualTo("Connection refused");
        assertRefused(api.send("POST", NOBODY + "/test", null), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    // ---- who may

    @Test
    void shouldServeAdministratorsOnly() throws Exception {
        String path = created(MINIMAL);
        try (HttpServer guarded = serve(tokens("admin", "read", "write", "read,write"), webhooks)) {
            Api guard = new Api(guarded.port());
            for (String call : List.of(
                    "GET " + ENDPOINTS,
                    "POST " + ENDPOINTS,
                    "GET " + path,
                    "PATCH " + path,
                    "POST " + path + "/rotate-secret",
                    "GET " + path + "/deliveries",
                    "POST " + path + "/replay",
                    "POST " + path + "/test",
                    "DELETE " + path)) {
                String[] parts = call.split(" ");
                String body = parts[0].equals("PATCH") || call.endsWith("/replay") ? "{}" : null;
                assertThat(guard.send(parts[0], parts[1], body).statusCode())
                        .as(call)
                        .isEqualTo(401);
                for (String token : List.of("read", "write", "read,write")) {
                    assertRefused(
                            guard.send(parts[0], parts[1], body, "Authorization", "Bearer " + token),
                            403,
                            ProblemCode.FORBIDDEN);
                }
                assertThat(guard.send(parts[0], parts[1], body, "Authorization", "Bearer admin")
                                .statusCode())
                        .as(call)
                        .isIn(200, 204, 400, 415);
            }
        }
    }

    private static ApiTokens tokens(String... scopes) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String scope : scopes) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(scope.getBytes(StandardCharsets.UTF_8));
            lines.append(HexFormat.of().formatHex(hash))
                    .append(' ')
                    .append(scope)
                    .append('\n');
        }
        return ApiTokens.load(Files.writeString(Files.createTempFile(directory, "tokens", ""), lines));
    }

    @Test
    void shouldHaveNoSuchCallsWithoutWebhooks() {
        try (HttpServer without = serve(null, null)) {
            assertRefused(new Api(without.port()).get(ENDPOINTS), 404, ProblemCode.NOT_FOUND);
        }
    }
}

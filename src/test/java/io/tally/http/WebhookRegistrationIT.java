package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.rig.LedgerRig;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EventType;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Webhook endpoints are registered over HTTP. */
class WebhookRegistrationIT extends WebhookApiCases {
    @Test
    void shouldRegisterAnEndpointAndShowItsSecretOnce() {
        // When
        HttpResponse<String> created =
                create("{\"url\":\"https://shop.example:8443/hook?x=1\",\"description\":\"Zoë's\","
                        + "\"event_types\":[\"user.opened\",\"transaction.accepted\"],\"users\":[\"bob\",\"alice\"]}");

        // Then
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode body = json(created);
        String id = body.path("id").asText();
        assertThat(id).matches("we_[a-z0-9]{16}");
        assertThat(created.headers().firstValue("Location")).hasValue(ENDPOINTS + "/" + id);
        assertThat(created.headers().firstValue("ETag")).hasValue("\"1\"");
        String secret = body.path("secret").asText();
        assertThat(secret).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.substring("whsec_".length())))
                .hasSize(32);
        HttpResponse<String> shown = api.get(ENDPOINTS + "/" + id);
        assertThat(shown.headers().firstValue("ETag")).hasValue("\"1\"");
        assertThat(shown.body())
                .isEqualTo("{\"id\":\"" + id
                        + "\",\"url\":\"https://shop.example:8443/hook?x=1\",\"description\":\"Zoë's\","
                        + "\"event_types\":[\"transaction.accepted\",\"user.opened\"],\"users\":[\"alice\",\"bob\"],"
                        + "\"state\":\"active\",\"disabled_reason\":null,\"previous_secret_expires_at\":null,"
                        + "\"replays\":[],\"version\":1,\"created_at\":"
                        + body.path("created_at") + ",\"updated_at\":" + body.path("created_at") + "}");
        assertThat(api.get(ENDPOINTS).body()).isEqualTo("{\"items\":[" + shown.body() + "]}");
        HttpResponse<String> changed = api.send("PATCH", ENDPOINTS + "/" + id, "{\"state\":\"paused\"}");
        assertThat(List.of(changed.body(), api.get(ENDPOINTS).body())).noneMatch(text -> text.contains("secret\":\""));
    }

    @Test
    void shouldTellOfEverythingFromNowOnUnlessAskedOtherwise() {
        // Given
        for (int i = 0; i < 10; i++) {
            rig.deposit("user-" + i, "1");
        }
        rig.flush();
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
        List<Long> ends = ends();

        // When
        String now = id(created(MINIMAL));
        String alsoNow = id(created("{\"url\":\"https://shop.example/\",\"from\":\"now\",\"users\":null}"));
        String beginning = id(created("{\"url\":\"https://shop.example/\",\"from\":\"beginning\"}"));

        // Then
        Endpoint endpoint = registry.endpoints().get(now);
        assertThat(endpoint.start()).isEqualTo(ends).allMatch(end -> end > 0);
        assertThat(registry.endpoints().get(alsoNow).start()).isEqualTo(ends);
        assertThat(registry.endpoints().get(beginning).start()).containsExactly(0L, 0L);
        assertThat(endpoint.eventTypes()).containsExactlyInAnyOrder(EventType.values());
        assertThat(endpoint.users()).isEmpty();
        assertThat(endpoint.description()).isEmpty();
    }

    @Test
    void shouldFindTheSameEndpointForTheSameKey() {
        // Given
        HttpResponse<String> first = create(MINIMAL, "Idempotency-Key", "\"key-1\"");
        String id = json(first).path("id").asText();

        // When
        HttpResponse<String> again = create(MINIMAL, "Idempotency-Key", "key-1");

        // Then
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(json(again).path("id").asText()).isEqualTo(id);
        assertThat(json(again).has("secret")).isFalse();
        assertRefused(
                create("{\"url\":\"https://other.example/\"}", "Idempotency-Key", "key-1"),
                409,
                ProblemCode.ENDPOINT_EXISTS);
        assertThat(json(create(MINIMAL, "Idempotency-Key", "key-2")).path("id").asText())
                .isNotEqualTo(id);
        assertThat(json(api.get(ENDPOINTS)).path("items")).hasSize(2);
        assertRefused(
                create(MINIMAL, "Idempotency-Key", "k".repeat(256)),
                400,
                ProblemCode.INVALID_PARAMETER,
                "Idempotency-Key");
        assertThat(create(MINIMAL, "Idempotency-Key", "k".repeat(255)).statusCode())
                .isEqualTo(201);
    }

    @Test
    void shouldTakeWhatIsWithinTheLimits() {
        String longest = "https://shop.example/" + "p".repeat(2_048 - "https://shop.example/".length());
        for (String body : List.of(
                "{\"url\":\"" + longest + "\"}",
                "{\"url\":\"http://shop.example/\"}",
                "{\"url\":\"https://shop.example/\",\"description\":\"" + "d".repeat(200) + "\"}",
                "{\"url\":\"https://shop.example/\",\"description\":null,\"event_types\":null,\"from\":null}",
                "{\"url\":\"https://shop.example/\",\"users\":" + list(100, "u") + "}",
                "{\"url\":\"https://shop.example/\",\"users\":[]}",
                "{\"url\":\"https://[2001:db8::1]:1/\"}")) {
            assertThat(create(body).statusCode()).as(body).isEqualTo(201);
        }
    }

    @Test
    void shouldNameEachFieldThatIsWrong() {
        String tooLong = "https://shop.example/" + "p".repeat(2_049 - "https://shop.example/".length());
        for (String url : List.of(
                "\"" + tooLong + "\"",
                "\"shop.example\"",
                "\"ftp://shop.example/\"",
                "\"https:shop.example\"",
                "\"https://user:word@shop.example/\"",
                "\"https://@shop.example/\"",
                "\"https://shop.example/#x\"",
                "\"https://shop.example/#\"",
                "\"https://shop.example/ä\"",
                "\"https://shop.example/ \"",
                "\"https://10.0.0.1/\"",
                "\"\"",
                "null",
                "7")) {
            assertRefused(create("{\"url\":" + url + "}"), 400, ProblemCode.INVALID_BODY, "/url");
        }
        for (String field : List.of(
                "\"description\":\"" + "d".repeat(201) + "\"",
                "\"description\":\"a\\nb\"",
                "\"description\":\"a\\u0085b\"",
                "\"description\":1",
                "\"event_types\":[]",
                "\"event_types\":[\"transaction.lost\"]",
                "\"event_types\":[\"user.opened\",\"user.opened\"]",
                "\"event_types\":\"user.opened\"",
                "\"event_types\":[7]",
                "\"users\":" + list(101, "u"),
                "\"users\":[\"!\"]",
                "\"users\":[\"a\",\"a\"]",
                "\"users\":\"a\"",
                "\"users\":{}",
                "\"from\":\"yesterday\"",
                "\"secret\":\"whsec_mine\"",
                "\"id\":\"we_mine\"",
                "\"state\":\"paused\"",
                "\"no/such~field\":1")) {
            String name = field.substring(1, field.indexOf("\":"));
            assertRefused(
                    create("{\"url\":\"https://shop.example/\"," + field + "}"),
                    400,
                    ProblemCode.INVALID_BODY,
                    "/" + name.replace("~", "~0").replace("/", "~1"));
        }
        assertRefused(create("{\"url\":1,\"users\":7,\"x\":0}"), 400, ProblemCode.INVALID_BODY, "/url", "/users", "/x");
        for (String body : List.of("{}", "{\"users\":[]}")) {
            assertRefused(create(body), 400, ProblemCode.INVALID_BODY, "/url");
        }
        for (String body :
                List.of("[]", "7", "", "{", MINIMAL + "{}", "{\"url\":\"a\",\"url\":\"b\"}", "[".repeat(99))) {
            assertRefused(create(body), 400, ProblemCode.INVALID_BODY);
        }
        assertRefused(create(MINIMAL, "Content-Type", "text/plain"), 415, ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(
                create(MINIMAL, "Content-Type", "application/merge-patch+json"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertThat(json(api.get(ENDPOINTS)).path("items")).isEmpty();
    }

    @Test
    void shouldTakeSixtyFourEndpoints() {
        for (int i = 0; i < 64; i++) {
            created(MINIMAL);
        }
        assertRefused(create(MINIMAL), 409, ProblemCode.TOO_MANY_ENDPOINTS);
        assertThat(json(api.get(ENDPOINTS)).path("items")).hasSize(64);
    }
}

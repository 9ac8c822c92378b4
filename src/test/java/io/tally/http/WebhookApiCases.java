package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.rig.LedgerRig;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Cases of the calls about webhook endpoints, with a server of its own that has them. No endpoint outlives its case. */
abstract class WebhookApiCases extends ApiCases {
    static final String ENDPOINTS = "/v1/webhook-endpoints";
    static final String NOBODY = ENDPOINTS + "/we_0000000000000000";
    static final String MINIMAL = "{\"url\":\"https://shop.example/hook\"}";

    /** The endpoints that a test event was sent to. */
    static final Queue<Endpoint> TESTED = new ConcurrentLinkedQueue<>();

    static WebhookTopics topics;
    static WebhookRegistry registry;
    static WebhookGateway webhooks;
    private static ClusterGateway cluster;
    private static DeadLetterGateway deadLetters;
    private static HttpServer webhookServer;

    @BeforeAll
    static void startWebhooks() {
        StreamSettings settings = rig.settings();
        topics = WebhookTopics.of(settings.topicPrefix());
        topics.createMissing(settings.kafka(), settings.topics().output());
        registry = WebhookRegistry.start(settings.kafka(), topics, settings.applicationId());
        cluster = new ClusterGateway(ledger, settings);
        deadLetters = new DeadLetterGateway(settings.kafka(), settings.topics().deadLetters());
        webhooks = new WebhookGateway(registry, settings, 2, WebhookApiCases::refusal, WebhookApiCases::test);
        webhookServer = serve(null, webhooks);
        api = new Api(webhookServer.port());
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(registry::isCurrent);
    }

    /** Stands for what refuses addresses of private networks. */
    private static String refusal(URI url) {
        return url.getHost().equals("10.0.0.1") ? "Expected a public address" : null;
    }

    private static CompletableFuture<Attempt> test(Endpoint endpoint) {
        TESTED.add(endpoint);
        return CompletableFuture.completedFuture(
                endpoint.url().getHost().startsWith("gone")
                        ? new Attempt(1_790_000_000_000L, 0, 17, "Connection refused", null)
                        : new Attempt(1_790_000_000_000L, 500, 17, null, "<script>"));
    }

    static HttpServer serve(ApiTokens tokens, WebhookGateway gateway) {
        return HttpServer.start(
                new ListenAddress("127.0.0.1", 0, tokens, false),
                reads,
                commands,
                feed,
                new Operations(
                        cluster,
                        deadLetters,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        false,
                        Console.OFF,
                        gateway));
    }

    @AfterAll
    static void stopWebhooks() {
        webhookServer.close();
        webhooks.close();
        registry.close();
        deadLetters.close();
        cluster.close();
    }

    @AfterEach
    void deleteAll() {
        json(api.get(ENDPOINTS))
                .path("items")
                .forEach(endpoint -> assertThat(api.send(
                                        "DELETE",
                                        ENDPOINTS + "/" + endpoint.path("id").asText(),
                                        null)
                                .statusCode())
                        .isEqualTo(204));
    }

    static HttpResponse<String> create(String body, String... headers) {
        return api.send("POST", ENDPOINTS, body, headers);
    }

    static String created(String body) {
        HttpResponse<String> created = create(body);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created.headers().firstValue("Location").orElseThrow();
    }

    static void assertRefused(HttpResponse<String> response, int status, ProblemCode code, String... pointers) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("code").asText()).isEqualTo(code.code());
        assertThat(json(response).path("errors").findValuesAsText("pointer")).containsExactly(pointers);
    }

    static String list(int count, String prefix) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + prefix + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String id(String location) {
        return location.substring(ENDPOINTS.length() + 1);
    }

    /** The committed ends of the output: behind the last record and the marker of its transaction. */
    static List<Long> ends() {
        try (var admin = rig.admin()) {
            return IntStream.range(0, 2)
                    .mapToObj(partition -> new TopicPartition(rig.topics().output(), partition))
                    .map(partition -> {
                        try {
                            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset();
                        } catch (Exception e) {
                            throw new AssertionError("Expected the end of " + partition, e);
                        }
                    })
                    .toList();
        }
    }
}

package io.tally.http;

import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.gateway.webhook.DeliveryPlace;
import io.tally.rig.LedgerRig;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Delivery;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Progress;
import io.tally.wire.webhook.WebhookCodec;
import io.tally.wire.webhook.WebhookKey;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Deliveries to webhook endpoints are shown and replayed over HTTP. */
class WebhookDeliveriesIT extends WebhookApiCases {
    // ---- deliveries

    private static Delivery delivery(int partition, long offset, boolean dead) {
        return new Delivery(
                partition,
                offset,
                "event-" + partition + "-" + offset,
                EventType.TRANSACTION_REJECTED,
                "user-" + offset,
                1_790_000_000_000L + offset,
                dead ? null : 1_800_000_000_000L,
                List.of(
                        new Attempt(1_790_000_000_001L, 0, 5, "Connection refused", null),
                        new Attempt(1_790_000_000_002L, 503, 6, null, "busy")));
    }

    private static void put(String topic, int partition, WebhookKey key, byte[] value) {
        rig.sendAndWait(new ProducerRecord<>(topic, partition, key.toBytes(), value));
    }

    private static void pending(String endpoint, String lane, int partition, long offset) {
        put(
                topics.progress(),
                partition,
                new WebhookKey(endpoint, lane, "user-" + offset),
                WebhookCodec.encode(delivery(partition, offset, false)));
    }

    private static List<JsonNode> pages(String path, String query) {
        return api.items(path + "/deliveries?" + query, 1_000);
    }

    private static List<String> ids(List<JsonNode> items) {
        return items.stream().map(item -> item.path("id").asText()).toList();
    }

    @Test
    void shouldShowThePendingDeliveriesOfAnEndpoint() {
        // Given
        String path = created(MINIMAL);
        String id = id(path);
        String other = id(created(MINIMAL));
        put(
                topics.progress(),
                0,
                new WebhookKey(id, "live", null),
                WebhookCodec.encode(new Progress(9, Map.of(), 0, 0, null)));
        pending(id, "live", 1, 7);
        pending(id, "live", 0, 30);
        pending(id, "live", 0, 20);
        pending(id, "wr_1", 0, 20);
        pending(id, "live", 0, 40);
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-40"), null);
        pending(other, "live", 0, 10);
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-x"), "broken".getBytes(StandardCharsets.UTF_8));
        // The same user's next one.
        put(topics.progress(), 0, new WebhookKey(id, "live", "user-30"), WebhookCodec.encode(delivery(0, 50, false)));

        // When
        List<JsonNode> items = pages(path, "state=pending&limit=1");

        // Then
        assertThat(ids(items)).containsExactly("0-20", "0-20", "0-50", "1-7");
        assertThat(items)
                .extracting(item -> item.path("replay").asText())
                .containsExactly("null", "wr_1", "null", "null");
        assertThat(pages(path, "limit=500")).isEqualTo(items);
        assertThat(items.get(0).toString())
                .isEqualTo("{\"id\":\"0-20\",\"replay\":null,\"partition\":0,\"offset\":20,\"event_id\":\"event-0-20\","
                        + "\"event_type\":\"transaction.rejected\",\"user_id\":\"user-20\","
                        + "\"recorded_at\":\"2026-09-21T14:13:20.020Z\",\"next_attempt_at\":\"2027-01-15T08:00:00.000Z\","
                        + "\"attempts\":[{\"at\":\"2026-09-21T14:13:20.001Z\",\"success\":false,\"status\":null,"
                        + "\"latency_ms\":5,\"error\":\"Connection refused\",\"answer\":null},"
                        + "{\"at\":\"2026-09-21T14:13:20.002Z\",\"success\":false,\"status\":503,\"latency_ms\":6,"
                        + "\"error\":null,\"answer\":\"busy\"}]}");
    }

    @Test
    void shouldPageThroughMoreDeadDeliveriesThanAPageKeeps() {
        // Given: in an order of their own, and so many gone again that what is kept does not fill a page
        String path = created(MINIMAL);
        String id = id(path);
        List<String> expected = new ArrayList<>();
        int count = 2_503;
        for (int partition = 0; partition < 2; partition++) {
            for (int i = 0; i < count; i++) {
                int offset = (int) (i * 1_009L % count);
                Delivery delivery = delivery(partition, offset, true);
                rig.send(new ProducerRecord<>(
                        topics.dead(),
                        partition,
                        new WebhookKey(id, delivery.id(), null).toBytes(),
                        WebhookCodec.encode(delivery)));
            }
            for (int offset = 0; offset < count; offset++) {
                String delivery = partition + "-" + offset;
                if (offset % 3 > 0) {
                    rig.send(new ProducerRecord<>(
                            topics.dead(), partition, new WebhookKey(id, delivery, null).toBytes(), null));
                } else {
                    expected.add(delivery);
                }
            }
        }
        rig.flush();

        // When
        List<JsonNode> items = pages(path, "state=dead&limit=499");

        // Then
        assertThat(ids(items)).isEqualTo(expected);
        assertThat(items.get(0).path("next_attempt_at").isNull()).isTrue();
        assertThat(pages(path, "state=pending")).isEmpty();
    }

    @Test
    void shouldRefuseDeliveriesThatItDidNotOffer() {
        String path = created(MINIMAL);
        String id = id(path);
        String cursor = new DeliveryCursor(id, true, new DeliveryPlace(0, 5, "")).toText();
        String foreign = new DeliveryCursor("we_0000000000000000", true, new DeliveryPlace(0, 5, "")).toText();
        for (String right : List.of("cursor=" + cursor, "state=dead&cursor=" + cursor, "limit=1", "limit=500")) {
            assertThat(api.get(path + "/deliveries?" + right).statusCode())
                    .as(right)
                    .isEqualTo(200);
        }
        Map.of(
                        "cursor=" + foreign,
                        "cursor",
                        "state=pending&cursor=" + cursor,
                        "cursor",
                        "cursor=A" + cursor.substring(1),
                        "cursor",
                        "cursor=",
                        "cursor",
                        "limit=0",
                        "limit",
                        "limit=501",
                        "limit",
                        "state=done",
                        "state")
                .forEach((wrong, pointer) -> assertRefused(
                        api.get(path + "/deliveries?" + wrong), 400, ProblemCode.INVALID_PARAMETER, pointer));
        assertRefused(api.get(NOBODY + "/deliveries"), 404, ProblemCode.UNKNOWN_ENDPOINT);
    }

    // ---- replays

    private static List<ConsumerRecord<byte[], byte[]>> outcomes() {
        rig.deposit("replayed-1", "1");
        rig.deposit("replayed-2", "1");
        rig.deposit("replayed-3", "1");
        rig.flush();
        Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> rig.isDecided(rig.settings()));
        return rig.readAll(rig.topics().output());
    }

    private static HttpResponse<String> replay(String path, String body) {
        return api.send("POST", path + "/replay", body);
    }

    @Test
    void shouldReplayADelivery() {
        // Given
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        String path = created(MINIMAL);

        // When
        HttpResponse<String> accepted =
                replay(path, "{\"delivery\":\"" + outcome.partition() + "-" + outcome.offset() + "\"}");

        // Then
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        assertThat(json(accepted).path("id").asText()).matches("wr_[a-z0-9]{16}");
        assertThat(json(accepted).path("ranges").toString())
                .isEqualTo("[{\"partition\":" + outcome.partition() + ",\"from\":" + outcome.offset() + ",\"to\":"
                        + (outcome.offset() + 1) + "}]");
        assertThat(json(api.get(path)).path("replays").toString()).isEqualTo("[" + accepted.body() + "]");
        assertThat(registry.rangeDone(id(path), json(accepted).path("id").asText(), outcome.partition())
                        .join())
                .isTrue();
        assertThat(json(api.get(path)).path("replays")).isEmpty();
    }

    @Test
    void shouldReplayAStretchOfTime() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> outcomes = outcomes();
        String path = created(MINIMAL);
        long last = outcomes.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
        List<Long> ends = ends();

        // When
        JsonNode all = json(replay(path, "{\"from\":\"2020-01-01\"}"));
        JsonNode upToTheLast =
                json(replay(path, "{\"from\":\"2020-01-01\",\"to\":\"" + TimestampText.format(last) + "\"}"));
        JsonNode theLast = json(replay(path, "{\"from\":\"" + TimestampText.format(last) + "\"}"));
        JsonNode none = json(replay(path, "{\"from\":\"" + TimestampText.format(last + 1) + "\",\"to\":null}"));
        // A range can be of nothing but the marker of a transaction, which has a time of its own.

        // Then
        assertThat(all.path("ranges").findValues("to"))
                .extracting(JsonNode::asLong)
                .isEqualTo(ends.stream().filter(end -> end > 0).toList());
        assertThat(all.path("ranges").findValues("from"))
                .extracting(JsonNode::asLong)
                .containsOnly(0L);
        for (ConsumerRecord<byte[], byte[]> outcome : outcomes) {
            boolean isLast = outcome.timestamp() >= last;
            assertThat(covers(theLast, outcome)).isEqualTo(isLast);
            assertThat(covers(upToTheLast, outcome)).isEqualTo(!isLast);
            assertThat(covers(none, outcome)).isFalse();
        }
        JsonNode past = json(replay(path, "{\"from\":\"1970-01-01\",\"to\":\"1970-01-02\"}"));
        assertThat(past.path("ranges")).isEmpty();
        assertThat(json(api.get(path)).path("replays").findValuesAsText("id"))
                .contains(theLast.path("id").asText())
                .doesNotContain(past.path("id").asText());
    }

    private static boolean covers(JsonNode replay, ConsumerRecord<byte[], byte[]> outcome) {
        for (JsonNode range : replay.path("ranges")) {
            if (range.path("partition").asInt() == outcome.partition()
                    && range.path("from").asLong() <= outcome.offset()
                    && outcome.offset() < range.path("to").asLong()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldReplayAPartitionFromAnOffset() {
        // Given
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        int partition = outcome.partition();
        long end = ends().get(partition);
        String path = created(MINIMAL);

        // Then
        String body = "{\"partition\":" + partition + ",\"offset\":%d}";
        assertThat(json(replay(path, body.formatted(outcome.offset())))
                        .path("ranges")
                        .toString())
                .isEqualTo("[{\"partition\":" + partition + ",\"from\":" + outcome.offset() + ",\"to\":" + end + "}]");
        assertThat(json(replay(path, body.formatted(end - 1))).path("ranges")).hasSize(1);
        HttpResponse<String> atTheEnd = replay(path, body.formatted(end));
        assertThat(atTheEnd.statusCode()).isEqualTo(202);
        assertThat(json(atTheEnd).path("ranges")).isEmpty();
        assertRefused(replay(path, body.formatted(end + 1)), 400, ProblemCode.INVALID_BODY, "");
        assertThat(replay(path, "{\"delivery\":\"" + partition + "-" + (end - 1) + "\"}")
                        .statusCode())
                .isEqualTo(202);
        assertRefused(
                replay(path, "{\"delivery\":\"" + partition + "-" + end + "\"}"), 400, ProblemCode.INVALID_BODY, "");
        assertRefused(replay(path, "{\"partition\":2,\"offset\":0}"), 400, ProblemCode.INVALID_BODY, "");
        assertRefused(replay(path, "{\"delivery\":\"2-0\"}"), 400, ProblemCode.INVALID_BODY, "");
    }

    @Test
    void shouldRefuseReplaysThatMeanNothing() {
        String path = created(MINIMAL);
        Map.ofEntries(
                        Map.entry("{}", ""),
                        Map.entry("{\"to\":\"2026-01-01\"}", ""),
                        Map.entry("{\"partition\":0}", ""),
                        Map.entry("{\"offset\":0}", ""),
                        Map.entry("{\"delivery\":\"0-0\",\"from\":\"2026-01-01\"}", ""),
                        Map.entry("{\"delivery\":\"0-0\",\"partition\":0,\"offset\":0}", ""),
                        Map.entry("{\"from\":\"2026-01-01\",\"offset\":0}", ""),
                        Map.entry("{\"from\":\"2026-01-01\",\"to\":\"2026-01-01\"}", "/to"),
                        Map.entry("{\"from\":\"noon\"}", "/from"),
                        Map.entry("{\"from\":7}", "/from"),
                        Map.entry("{\"from\":\"2026-01-01\",\"to\":\"noon\"}", "/to"),
                        Map.entry("{\"delivery\":\"0\"}", "/delivery"),
                        Map.entry("{\"delivery\":\"-1-0\"}", "/delivery"),
                        Map.entry("{\"delivery\":0}", "/delivery"),
                        Map.entry("{\"partition\":-1,\"offset\":0}", "/partition"),
                        Map.entry("{\"partition\":100000,\"offset\":0}", "/partition"),
                        Map.entry("{\"partition\":0,\"offset\":-1}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":1.0}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":\"0\"}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":99999999999999999999}", "/offset"),
                        Map.entry("{\"partition\":0,\"offset\":0,\"limit\":1}", "/limit"))
                .forEach((body, pointer) -> assertRefused(replay(path, body), 400, ProblemCode.INVALID_BODY, pointer));
        assertRefused(
                api.send("POST", path + "/replay", "{}", "Content-Type", "text/plain"),
                415,
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertRefused(replay(NOBODY, "{\"from\":\"2026-01-01\"}"), 404, ProblemCode.UNKNOWN_ENDPOINT);
        assertThat(json(api.get(path)).path("replays")).isEmpty();
    }

    @Test
    void shouldTakeSixteenReplaysOfAnEndpoint() {
        ConsumerRecord<byte[], byte[]> outcome = outcomes().get(0);
        String path = created(MINIMAL);
        String body = "{\"delivery\":\"" + outcome.partition() + "-" + outcome.offset() + "\"}";
        for (int i = 0; i < 16; i++) {
            assertThat(replay(path, body).statusCode()).isEqualTo(202);
        }
        assertRefused(replay(path, body), 409, ProblemCode.TOO_MANY_REPLAYS);
        assertThat(replay(created(MINIMAL), body).statusCode()).isEqualTo(202);
    }
}

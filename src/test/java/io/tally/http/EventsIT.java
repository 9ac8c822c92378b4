package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.Api.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.OutcomeFeed;
import io.tally.rig.LedgerRig;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Event streams over a broker, a ledger and its HTTP server. */
class EventsIT extends ApiCases {
    private static final ListenAddress ADDRESS = new ListenAddress("127.0.0.1", 0, null, false);

    private static EventClient open(String path) {
        return EventClient.open(server.port(), path, null);
    }

    @Test
    void shouldTellOutcomesAsTheyAreCommitted() {
        try (EventClient all = open("/v1/events");
                EventClient ada = open("/v1/user/ada/events");
                EventClient later = open("/v1/user/later/events")) {
            // When
            HttpResponse<String> opened = api.send("POST", "/v1/user", "{\"id\":\"ada\",\"name\":\"Ada\"}");
            HttpResponse<String> in = api.post(deposit(UUID.randomUUID(), "ada", "2"));
            HttpResponse<String> other = api.post(deposit(UUID.randomUUID(), "bob", "3"));
            HttpResponse<String> refused = api.post(withdrawal(UUID.randomUUID(), "ada", "7"));
            ada.awaitEvents(3);
            all.awaitEvents(4);
            HttpResponse<String> last = api.post(deposit(UUID.randomUUID(), "later", "1"));

            // Then
            later.awaitEvents(1);
            all.awaitEvents(5);
            assertThat(opened.statusCode()).isEqualTo(201);
            assertThat(ada.data().subList(1, 3))
                    .containsExactly(in.body(), json(refused).path("outcome").toString());
            assertThat(ada.events())
                    .extracting(EventClient.Block::event)
                    .containsExactly(
                            "tally.user.opened.v1", "tally.transaction.accepted.v1", "tally.transaction.rejected.v1");
            assertThat(all.data()).contains(other.body()).containsSubsequence(ada.data());
            assertThat(ada.blocks().get(0)).as("its position first").matches(block -> !block.isEvent());
            assertThat(ada.blocks()).extracting(EventClient.Block::id).doesNotHaveDuplicates();
            assertThat(later.data()).as("none of the others'").containsExactly(last.body());
            assertThat(ada.response().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(ada.response().headers().firstValue("Cache-Control")).hasValue("no-store");
        }
    }

    @Test
    void shouldLoseAndRepeatNothingOverReconnectsUnderLoad() {
        // Given
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        OutcomeFeed otherFeed = feedOf(rig.settings());
        HttpServer otherServer = HttpServer.start(ADDRESS, reads, commands, otherFeed);
        int[] ports = {server.port(), otherServer.port()};
        int commandsSent = 4_000;
        EventClient all = open("/v1/events").awaitBlocks(1);
        EventClient one = open("/v1/user/load-3/events").awaitBlocks(1);
        List<EventClient.Block> ofAll = new ArrayList<>();
        List<EventClient.Block> ofOne = new ArrayList<>();
        int reconnects = 0;

        // When
        for (int sent = 0; sent < commandsSent; ) {
            int burst = 1 + random.nextInt(200);
            for (int i = 0; i < burst; i++, sent++) {
                rig.deposit("load-" + random.nextInt(20), "1");
            }
            rig.flush();
            all = reconnected(all, ofAll, ports[random.nextInt(2)], "/v1/events");
            one = reconnected(one, ofOne, ports[random.nextInt(2)], "/v1/user/load-3/events");
            reconnects++;
        }
        List<ConsumerRecord<byte[], byte[]>> output = Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .until(
                        () -> rig.readAll(rig.topics().output()),
                        records -> records.stream().filter(EventsIT::isLoad).count() >= commandsSent);
        all = reconnected(all, ofAll, ports[1], "/v1/events");
        one = reconnected(one, ofOne, ports[1], "/v1/user/load-3/events");
        EventClient lastAll = all;
        EventClient lastOne = one;

        // Then
        System.out.println(reconnects + " reconnects");
        for (int partition = 0; partition < 2; partition++) {
            int of = partition;
            List<String> expected = output.stream()
                    .filter(EventsIT::isLoad)
                    .filter(record -> record.partition() == of)
                    .map(EventsIT::value)
                    .toList();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(data(ofAll, lastAll).stream()
                                    .filter(data -> data.contains("\"user_id\":\"load-"))
                                    .filter(data -> json(data)
                                                    .path("source")
                                                    .path("partition")
                                                    .asInt()
                                            == of))
                            .as("partition %s", of)
                            .containsExactlyElementsOf(expected));
        }
        List<String> expectedOfOne = output.stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals("load-3"))
                .map(EventsIT::value)
                .toList();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(data(ofOne, lastOne)).containsExactlyElementsOf(expectedOfOne));
        all.close();
        one.close();
        otherServer.close();
        otherFeed.close();
    }

    /** The state that is read with what a stream begins behind, and what the stream tells, have no gap between them. */
    @Test
    void shouldTellWhatTheStateMustHaveWhenAStreamBegins() {
        // Given
        int rounds = 30;
        int commandsEach = 200;

        for (int round = 1; round <= rounds; round++) {
            long decided = (long) round * commandsEach;
            for (int i = 0; i < commandsEach; i++) {
                rig.deposit("begun", "1");
            }
            rig.flush();

            // When
            try (EventClient begun = open("/v1/user/begun/events")) {
                Optional<String> position = begun.response().headers().firstValue("Tally-Position");
                String[] headers = position.map(text -> new String[] {"Tally-Position", text})
                        .orElse(new String[0]);
                HttpResponse<String> state = api.get("/v1/user/begun/balance", headers);

                // Then
                long known =
                        state.statusCode() == 200 ? json(state).path("sequence").asLong() : 0;
                Awaitility.await()
                        .atMost(LedgerRig.PATIENCE)
                        .until(() -> Math.max(known, last(begun.data())), last -> last == decided);
                assertThat(begun.data())
                        .as("round %s, state has %s of %s", round, known, decided)
                        .matches(data -> data.isEmpty() || sequence(data.get(0)) <= known + 1);
                if (round > 1) {
                    assertThat(position).as("round %s", round).isPresent();
                }
            }
        }
    }

    private static long last(List<String> outcomes) {
        return outcomes.isEmpty() ? 0 : sequence(outcomes.get(outcomes.size() - 1));
    }

    private static long sequence(String outcome) {
        return json(outcome).path("sequence").asLong();
    }

    private static EventClient reconnected(EventClient client, List<EventClient.Block> got, int port, String path) {
        client.close();
        got.addAll(client.events());
        return EventClient.open(port, path, client.lastBlockId()).awaitBlocks(1);
    }

    private static List<String> data(List<EventClient.Block> earlier, EventClient last) {
        List<EventClient.Block> all = new ArrayList<>(earlier);
        all.addAll(last.events());
        return all.stream().map(EventClient.Block::data).toList();
    }

    private static boolean isLoad(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8).startsWith("load-");
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldResumeAfterARestart() {
        // Given
        OutcomeFeed firstFeed = feedOf(rig.settings());
        HttpServer first = HttpServer.start(ADDRESS, reads, commands, firstFeed);
        EventClient before = EventClient.open(first.port(), "/v1/user/restart/events", null);
        HttpResponse<String> one = api.post(deposit(UUID.randomUUID(), "restart", "1"));
        before.awaitEvents(1);

        // When
        first.close();
        firstFeed.close();
        Awaitility.await().until(before::isOver);
        HttpResponse<String> two = api.post(deposit(UUID.randomUUID(), "restart", "2"));
        try (OutcomeFeed nextFeed = feedOf(rig.settings());
                HttpServer next = HttpServer.start(ADDRESS, reads, commands, nextFeed);
                EventClient header = EventClient.open(next.port(), "/v1/user/restart/events", before.lastBlockId());
                EventClient parameter =
                        EventClient.open(next.port(), "/v1/user/restart/events?after=" + before.lastBlockId(), null);
                EventClient both = EventClient.open(
                        next.port(),
                        "/v1/user/restart/events?after="
                                + before.blocks().get(0).id(),
                        before.lastBlockId())) {
            HttpResponse<String> three = api.post(deposit(UUID.randomUUID(), "restart", "3"));

            // Then
            assertThat(before.data()).containsExactly(one.body());
            for (EventClient client : List.of(header, parameter, both)) {
                assertThat(client.awaitEvents(2).data()).containsExactly(two.body(), three.body());
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoPosition() {
        // Given
        String ofAll;
        String ofUser;
        try (EventClient all = open("/v1/events");
                EventClient ada = open("/v1/user/ada/events")) {
            ofAll = all.awaitBlocks(1).lastBlockId();
            ofUser = ada.awaitBlocks(1).lastBlockId();
        }

        // Then
        for (String id : List.of("nonsense", ofUser, ofAll + "A", "1")) {
            assertInvalid("Last-Event-ID", api.get("/v1/events", "Last-Event-ID", id));
            assertInvalid("after", api.get("/v1/events?after=" + id));
        }
        assertInvalid("after", api.get("/v1/events?after="));
        assertInvalid("Last-Event-ID", api.get("/v1/user/ada/events", "Last-Event-ID", ofAll));
        assertInvalid("id", api.get("/v1/user/no%20user/events"));
        assertThat(reads.partitionOf("ada")).isNotEqualTo(reads.partitionOf("elsewhere-1"));
        assertInvalid("Last-Event-ID", api.get("/v1/user/elsewhere-1/events", "Last-Event-ID", ofUser));
    }

    private static void assertInvalid(String parameter, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response).path("code").asText()).isEqualTo("invalid_parameter");
        assertThat(json(response).path("errors").path(0).path("pointer").asText())
                .isEqualTo(parameter);
    }
}

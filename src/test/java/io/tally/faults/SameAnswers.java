package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Writes of some users to instances in turn, and every kind of look at them, which must be answered alike by each. */
final class SameAnswers {
    private static final int USERS = 24;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String POSITION = "Tally-Position";
    private static final List<String> HEADERS =
            List.of("Content-Type", "Cache-Control", "Location", "Retry-After", "Idempotent-Replayed", POSITION);

    /** What must not depend on who is asked. */
    private record Shown(int status, List<Optional<String>> headers, String body) {
        static Shown of(HttpResponse<String> response) {
            return new Shown(
                    response.statusCode(),
                    HEADERS.stream().map(response.headers()::firstValue).toList(),
                    response.body());
        }
    }

    private record Sent(String json, UUID uid, int status) {}

    /** @param position of the last write */
    private record User(String id, List<Sent> sent, String position) {}

    private final Caller caller;
    private final List<String> instances;
    private final List<User> users = new ArrayList<>();

    /** Of two users. */
    private final UUID sharedUid = UUID.randomUUID();

    private int turn;

    SameAnswers(Caller caller, List<String> instances) {
        this.caller = caller;
        this.instances = instances;
    }

    private String next() {
        return instances.get(turn++ % instances.size());
    }

    /** Asks each instance, and returns the first one's answer. */
    private HttpResponse<String> ask(int status, String method, String path, @Nullable String json, String... headers) {
        List<HttpResponse<String>> answers = instances.stream()
                .map(instance -> caller.call(instance, method, path, json, headers))
                .toList();
        HttpResponse<String> first = answers.get(0);
        assertThat(answers).as(method + " " + path).extracting(Shown::of).containsOnly(Shown.of(first));
        assertThat(first.statusCode())
                .as(method + " " + path + " " + first.body())
                .isEqualTo(status);
        return first;
    }

    /** The first write to a partition can take longer than an instance lets its caller wait. */
    void warmUp() {
        for (String instance : instances) {
            for (int partition = 0; partition < LedgerCluster.PARTITIONS; partition++) {
                Write write = new Write(UUID.randomUUID(), Balances.userOf(partition), "DEPOSIT", BigDecimal.ONE);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() ->
                                caller.write(instance, write).join().answer().status() == 200);
            }
        }
    }

    private HttpResponse<String> get(int status, String path, String... headers) {
        return ask(status, "GET", path, null, headers);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return HttpAnswer.json(response.body());
    }

    /** Sends each user's writes to one instance after the other; the next one must know of each at once. */
    void checkWritesAreSeenEverywhere() {
        for (int i = 0; i < USERS; i++) {
            String id = "same-" + i;
            HttpResponse<String> opened =
                    caller.call(next(), "POST", "/v1/user", "{\"id\":\"" + id + "\",\"name\":\"User " + i + "\"}");
            assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
            List<Sent> sent = sent(id, i < 2 ? sharedUid : UUID.randomUUID());
            String position = "";
            for (Sent write : sent) {
                HttpResponse<String> answer = caller.call(next(), "POST", "/v1/transaction", write.json());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(write.status());
                position = answer.headers().firstValue(POSITION).orElseThrow();
                checkSeen(id, HttpAnswer.of(answer).outcome(), position);
            }
            users.add(new User(id, sent, position));
        }
    }

    private void checkSeen(String id, JsonNode outcome, String position) {
        String path = "/v1/user/" + id + "/balance?currency="
                + outcome.path("currency").asText();
        JsonNode seen = json(caller.call(next(), "GET", path, null, POSITION, position));
        assertThat(seen.path("sequence")).isEqualTo(outcome.path("sequence"));
        assertThat(seen.path("balance")).isEqualTo(outcome.path("balance"));
    }

    private static List<Sent> sent(String id, UUID uid) {
        return Stream.of(
                        write(id, uid, "DEPOSIT", "100.25", "", 200),
                        write(id, UUID.randomUUID(), "DEPOSIT", "7.50", ",\"timestamp\":\"2024-02-29\"", 200),
                        write(id, UUID.randomUUID(), "WITHDRAW", "1000", "", 402),
                        write(id, UUID.randomUUID(), "WITHDRAW", "30", ",\"timestamp\":\"2024-01-31T10:00:00Z\"", 200),
                        write(id, UUID.randomUUID(), "DEPOSIT", "5", ",\"currency\":\"EUR\"", 200),
                        write(id, UUID.randomUUID(), "WITHDRAW", "0.01", "", 200))
                .toList();
    }

    private static Sent write(String id, UUID uid, String type, String amount, String more, int status) {
        String json = "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"user_id\":\"" + id + "\",\"amount\":\""
                + amount + "\"" + more + "}";
        return new Sent(json, uid, status);
    }

    void checkLookUps() {
        for (User user : users) {
            String path = "/v1/user/" + user.id();
            assertThat(json(get(200, path)).path("name").asText()).startsWith("User ");
            JsonNode now = json(get(200, path + "/balance", POSITION, user.position()));
            assertThat(now.path("balance").asText()).isEqualTo("77.74");
            assertThat(now.path("sequence").asLong()).isEqualTo(6);
            assertThat(json(get(200, path + "/balance")).path("balance").asText())
                    .isEqualTo("77.74");
            String then = json(get(200, path + "/balance?date=2024-02-29"))
                    .path("balance")
                    .asText();
            assertThat(then).isEqualTo("-22.50");
            get(200, path + "/balance?date=2024-01-31T09:59:59.999Z");
            get(200, path + "/balance?currency=EUR");
            get(200, path + "/balance?currency=JPY");
            for (Sent sent : user.sent()) {
                get(200, "/v1/transaction/" + sent.uid() + "?user_id=" + user.id());
                get(sent.uid().equals(sharedUid) ? 409 : 200, "/v1/transaction/" + sent.uid());
            }
        }
    }

    /** Reads statements page by page; each page's cursor is taken by all instances. */
    void checkStatements() {
        for (User user : users) {
            String path = "/v1/user/" + user.id() + "/transactions";
            List<JsonNode> pages = new ArrayList<>();
            JsonNode page = json(get(200, path + "?limit=2", POSITION, user.position()));
            page.path("items").forEach(pages::add);
            while (page.path("next_cursor").isTextual()) {
                page = json(get(
                        200,
                        path + "?limit=2&cursor=" + page.path("next_cursor").asText()));
                page.path("items").forEach(pages::add);
            }
            List<JsonNode> whole = new ArrayList<>();
            json(get(200, path)).path("items").forEach(whole::add);
            assertThat(pages).isEqualTo(whole).hasSize(6);
            get(200, path + "?status=rejected&order=desc&from=2024-01-01&to=2999-01-01");
            get(200, path + "?currency=EUR");
        }
    }

    void checkRepeats() {
        for (User user : users) {
            for (Sent sent : user.sent()) {
                HttpResponse<String> again = ask(sent.status(), "POST", "/v1/transaction", sent.json());
                assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
                ask(409, "PUT", "/v1/transaction", sent.json().replace("\"amount\":\"", "\"amount\":\"1"));
            }
        }
        String key = UUID.randomUUID().toString();
        String body = "{\"name\":\"Ada\"}";
        String id = json(caller.call(next(), "POST", "/v1/user", body, "Idempotency-Key", key))
                .path("id")
                .asText();
        HttpResponse<String> again = ask(201, "POST", "/v1/user", body, "Idempotency-Key", key);
        assertThat(json(again).path("id").asText()).isEqualTo(id);
    }

    void checkRefusals() {
        for (int i = 0; i < USERS; i++) {
            String nobody = "/v1/user/nobody-" + i;
            get(404, nobody);
            get(404, nobody + "/balance");
            get(404, nobody + "/balance?date=2024-01-01");
            get(404, nobody + "/transactions");
            get(404, "/v1/transaction/" + UUID.randomUUID());
            get(
                    404,
                    "/v1/transaction/" + UUID.randomUUID() + "?user_id="
                            + users.get(i).id());
            String path = "/v1/user/" + users.get(i).id();
            get(400, path + "/balance?date=yesterday");
            get(400, path + "/balance?currency=usd");
            get(400, path + "/balance", POSITION, "somewhere");
            get(400, path + "/transactions?limit=0");
            get(400, path + "/transactions?cursor=" + "x".repeat(40));
            ask(
                    400,
                    "POST",
                    "/v1/transaction",
                    users.get(i).sent().get(0).json().replace("100.25", "-1"));
            ask(400, "POST", "/v1/transaction", "{");
        }
        get(400, "/v1/user/%20/balance");
        get(400, "/v1/transaction/1");
        get(404, "/v1/nothing");
        ask(405, "DELETE", "/v1/transaction", null);
        String cursor = json(get(200, "/v1/user/same-0/transactions?limit=1"))
                .path("next_cursor")
                .asText();
        get(400, "/v1/user/same-1/transactions?cursor=" + cursor);
    }
}

package io.tally.http;

import static io.tally.http.Api.command;
import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.Api.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.gateway.Position;
import io.tally.ledger.Account;
import io.tally.store.TimelinePosition;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** The whole way: HTTP, log, decision, commit, answer. */
class HttpApiIT extends ApiCases {
    // ---- what simple clients do

    @Test
    void shouldServeAClientThatKnowsOnlyTheFirstCalls() {
        // Given
        HttpResponse<String> created = api.send("POST", "/v1/user", "{\"name\":\"Ada\"}");
        assertThat(created.statusCode()).isEqualTo(201);
        JsonNode id = json(created).path("id");
        assertThat(id.isIntegralNumber()).isTrue();
        assertThat(id.asLong()).isBetween(1L, (1L << 53) - 1);
        assertThat(json(created).path("name").asText()).isEqualTo("Ada");
        assertThat(created.headers().firstValue("Location")).hasValue("/v1/user/" + id.asLong());
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        String common = ",\"user_id\":" + id.asLong() + "}";

        // When
        HttpResponse<String> in = api.send(
                "PUT",
                "/v1/transaction",
                "{\"uid\":\"" + first + "\",\"type\":\"DEPOSIT\",\"amount\":10.5,\"timestamp\":\"2025-03-01T10:00:00\""
                        + common);
        HttpResponse<String> out = api.post("{\"uid\":\"" + second
                + "\",\"type\":\"WITHDRAW\",\"amount\":0.25,\"timestamp\":\"2025-04-01T10:00:00+02:00\"" + common);
        HttpResponse<String> tooMuch = api.post("{\"uid\":\"" + UUID.randomUUID()
                + "\",\"type\":\"WITHDRAW\",\"amount\":10.26,\"timestamp\":\"2025-05-01\"" + common);

        // Then
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(json(out).path("balance").asText()).isEqualTo("10.25");
        assertThat(json(out).path("timestamp").asText()).isEqualTo("2025-04-01T08:00:00.000Z");
        assertProblem(tooMuch, ProblemCode.INSUFFICIENT_FUNDS);
        assertThat(json(tooMuch).path("outcome").path("reason").asText()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(api.get("/v1/transaction/" + first).body()).isEqualTo(in.body());
        assertThat(api.get("/v1/transaction/" + second + "?user_id=" + id.asLong())
                        .body())
                .isEqualTo(out.body());
        String balance = "/v1/user/" + id.asLong() + "/balance";
        assertThat(json(api.get(balance)).path("balance").asText()).isEqualTo("10.25");
        assertThat(json(api.get(balance + "?date=2025-03-15")).path("balance").asText())
                .isEqualTo("10.50");
        assertThat(json(api.get(balance + "?date=2025-02-15")).path("balance").asText())
                .isEqualTo("0.00");
        assertThat(api.get(balance).headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonNode user = json(api.get("/v1/user/" + id.asLong()));
        assertThat(user.path("name").asText()).isEqualTo("Ada");
        assertThat(user.path("balances").path("USD").asText()).isEqualTo("10.25");
    }

    @Test
    void shouldOpenAUserOnceForOneKey() {
        // When
        HttpResponse<String> first =
                api.send("POST", "/v1/user", "{\"name\":\"Grace\"}", "Idempotency-Key", "order 66");
        HttpResponse<String> again =
                api.send("POST", "/v1/user", "{\"name\":\"Grace\"}", "Idempotency-Key", "order 66");
        HttpResponse<String> other =
                api.send("POST", "/v1/user", "{\"name\":\"Hopper\"}", "Idempotency-Key", "order 66");

        // Then
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertProblem(other, ProblemCode.UID_CONFLICT);
    }

    @Test
    void shouldTakeAnIdAndRefuseItWhenItIsTaken() {
        // When
        HttpResponse<String> text = api.send("POST", "/v1/user", "{\"id\":\"linus\"}");
        HttpResponse<String> number = api.send("POST", "/v1/user", "{\"id\":4711,\"name\":\"Linus\"}");

        // Then
        assertThat(text.statusCode()).isEqualTo(201);
        assertThat(text.body()).isEqualTo("{\"id\":\"linus\",\"name\":null}");
        assertThat(number.body()).isEqualTo("{\"id\":4711,\"name\":\"Linus\"}");
        assertProblem(api.send("POST", "/v1/user", "{\"id\":\"linus\"}"), ProblemCode.USER_EXISTS);
        HttpResponse<String> invalid = api.send("POST", "/v1/user", "{\"id\":\"no user\",\"name\":7}");
        assertProblem(invalid, ProblemCode.INVALID_COMMAND);
        assertThat(pointer(invalid)).isEqualTo("/id");
        // More than a double holds: not a user of the name "Infinity".
        HttpResponse<String> endless = api.send("POST", "/v1/user", "{\"id\":1e400,\"name\":1e400}");
        assertProblem(endless, ProblemCode.INVALID_COMMAND);
        assertThat(json(endless).path("errors")).hasSize(2);
        assertProblem(api.send("POST", "/v1/user", "{\"id\":7.0}"), ProblemCode.INVALID_COMMAND);
        assertProblem(api.send("POST", "/v1/user", "[]"), ProblemCode.INVALID_COMMAND);
        assertProblem(api.send("POST", "/v1/user", "{"), ProblemCode.INVALID_COMMAND);
        assertProblem(api.send("POST", "/v1/user", ""), ProblemCode.INVALID_COMMAND);
    }

    // ---- many at once

    @Test
    void shouldAnswerEachOfManyInItsPlace() {
        // Given
        UUID first = UUID.randomUUID();
        UUID tooMuch = UUID.randomUUID();
        String body = "["
                + String.join(
                        ",\n",
                        deposit(first, "many-a", "10"),
                        withdrawal(UUID.randomUUID(), "many-a", "4"),
                        "{\"uid\":17,\"type\":\"OPEN\",\"user_id\":\"many-a\"}",
                        withdrawal(tooMuch, "many-a", "6.01"),
                        deposit(UUID.randomUUID(), "many-b", "1"),
                        deposit(first, "many-a", "10"),
                        deposit(first, "many-a", "11"))
                + "]";

        // When
        HttpResponse<String> answer = api.send("POST", "/v1/transactions", body);

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode results = json(answer);
        assertThat(StreamSupport.stream(results.spliterator(), false)
                        .map(result -> result.path("status").asInt()))
                .containsExactly(200, 200, 400, 402, 200, 200, 409);
        assertThat(results.path(1).path("outcome").path("balance").asText()).isEqualTo("6.00");
        assertThat(results.path(3).path("problem").path("outcome").path("uid").asText())
                .isEqualTo(tooMuch.toString());
        assertThat(results.path(2)
                        .path("problem")
                        .path("errors")
                        .path(0)
                        .path("pointer")
                        .asText())
                .isEqualTo("/uid");
        assertThat(results.path(0).has("replayed")).isFalse();
        assertThat(results.path(5).path("replayed").asBoolean()).isTrue();
        assertThat(results.path(5).path("outcome")).isEqualTo(results.path(0).path("outcome"));
        String position = results.path(4).path("position").asText();
        assertThat(json(api.get("/v1/user/many-b/balance", "Tally-Position", position))
                        .path("balance")
                        .asText())
                .isEqualTo("1.00");
    }

    @Test
    void shouldDecideManyOfAUserInTheirOrder() {
        // Given: each withdrawal takes what the deposit before it brought.
        String body = IntStream.range(0, 500)
                .mapToObj(i -> deposit(UUID.randomUUID(), "order-" + i % 7, "1") + "\n"
                        + withdrawal(UUID.randomUUID(), "order-" + i % 7, "1") + "\n")
                .collect(Collectors.joining());

        // When
        HttpResponse<String> answer =
                api.send("POST", "/v1/transactions", body, "Content-Type", "application/x-ndjson; charset=utf-8");

        // Then
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        List<JsonNode> results = answer.body().lines().map(Api::json).toList();
        assertThat(results).hasSize(1_000);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.path("status").asInt()).isEqualTo(200));
        for (int i = 0; i < 7; i++) {
            assertThat(balance("order-" + i)).isEqualTo("0.00");
        }
    }

    @Test
    void shouldRefuseManyThatAreNone() {
        assertProblem(api.send("POST", "/v1/transactions", "{}"), ProblemCode.INVALID_COMMAND);
        assertProblem(
                api.send("POST", "/v1/transactions", "[" + deposit(UUID.randomUUID(), "none", "1") + ",1]"),
                ProblemCode.INVALID_COMMAND);
        assertProblem(api.get("/v1/user/none"), ProblemCode.UNKNOWN_USER);
        assertProblem(api.send("POST", "/v1/transactions", "[" + "{},".repeat(1_000) + "{}]"), ProblemCode.TOO_LARGE);
        assertProblem(api.send("POST", "/v1/transactions", "[]" + " ".repeat(1 << 20)), ProblemCode.TOO_LARGE);
        assertProblem(
                api.send("POST", "/v1/transactions", "[]", "Content-Type", "text/plain"),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(
                api.send(
                        "POST",
                        "/v1/transactions",
                        "[]",
                        "Idempotency-Key",
                        UUID.randomUUID().toString()),
                ProblemCode.INVALID_PARAMETER);
        assertThat(api.send("POST", "/v1/transactions", "[]").body()).isEqualTo("[]");
    }

    // ---- what is refused
    // ---- positions

    @Test
    void shouldNeverShowAnOlderBalanceThanWasWritten() {
        for (int i = 1; i <= 500; i++) {
            // When
            HttpResponse<String> written = api.post(deposit(UUID.randomUUID(), "reader", "1"));

            // Then
            HttpResponse<String> read = i % 2 == 0
                    ? api.get("/v1/user/reader/balance")
                    : api.get("/v1/user/reader/balance", "Tally-Position", position(written));
            assertThat(json(read).path("balance").asText()).isEqualTo(i + ".00");
        }
    }

    @Test
    void shouldWaitForWhatWasOnlyAcknowledged() {
        for (int i = 1; i <= 100; i++) {
            // Given
            UUID uid = UUID.randomUUID();
            RecordMetadata written = rig.sendAndWait(new ProducerRecord<>(
                    rig.topics().input(),
                    "waiter".getBytes(StandardCharsets.UTF_8),
                    deposit(uid, "waiter", "1").getBytes(StandardCharsets.UTF_8)));
            String position = new Position(written.partition(), written.offset()).toText();

            // When
            HttpResponse<String> read = i % 2 == 0
                    ? api.get("/v1/user/waiter/balance", "Tally-Position", position)
                    : api.get("/v1/transaction/" + uid, "Tally-Position", position);

            // Then
            assertThat(json(read).path("balance").asText()).isEqualTo(i + ".00");
        }
    }

    @Test
    void shouldRefuseAPositionThatWasNeverGiven() {
        // Given
        String user = "patient";
        api.post(deposit(UUID.randomUUID(), user, "1"));
        int partition = reads.partitionOf(user);

        // Then
        assertProblem(
                api.get("/v1/user/" + user, "Tally-Position", new Position(partition, 1_000_000_000).toText()),
                ProblemCode.INVALID_PARAMETER);
        assertProblem(
                api.get("/v1/transaction/" + UUID.randomUUID(), "Tally-Position", new Position(2, 0).toText()),
                ProblemCode.INVALID_PARAMETER);
        assertProblem(
                api.get("/v1/user/" + user, "Tally-Position", new Position(1 - partition, 0).toText()),
                ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get("/v1/user/" + user, "Tally-Position", "here"), ProblemCode.INVALID_PARAMETER);
    }

    // ---- statements

    @Test
    void shouldPageThroughAStatementAsTheModelDoes() {
        // Given
        long seed = new SplittableRandom().nextLong();
        System.out.println("Statement seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<JsonNode> all = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            Instant at = Instant.ofEpochSecond(1_700_000_000L + 3_600L * random.nextInt(60));
            String more = ",\"amount\":\"" + random.nextInt(1, 50) + "\",\"timestamp\":\"" + at + "\"";
            HttpResponse<String> answer =
                    api.post(command(UUID.randomUUID(), random.nextInt(5) < 3 ? "DEPOSIT" : "WITHDRAW", "pages", more));
            all.add(answer.statusCode() == 200 ? json(answer) : json(answer).path("outcome"));
        }

        for (int i = 0; i < 25; i++) {
            // When
            boolean newestFirst = random.nextBoolean();
            String status = List.of("", "accepted", "rejected").get(random.nextInt(3));
            Instant from = Instant.ofEpochSecond(1_700_000_000L + 3_600L * random.nextInt(60));
            Instant to = Instant.ofEpochSecond(1_700_000_000L + 3_600L * random.nextInt(60));
            boolean bounded = random.nextBoolean();
            String query = "?limit=" + random.nextInt(1, 60)
                    + (newestFirst ? "&order=desc" : random.nextBoolean() ? "&order=asc" : "")
                    + (status.isEmpty() ? "" : "&status=" + status)
                    + (bounded ? "&from=" + from + "&to=" + to : "");
            List<JsonNode> paged = pages("/v1/user/pages/transactions" + query);

            // Then
            Predicate<JsonNode> wanted = outcome -> {
                Instant at = Instant.parse(outcome.path("timestamp").asText());
                return (status.isEmpty() || outcome.path("status").asText().equalsIgnoreCase(status))
                        && (!bounded || !at.isBefore(from) && at.isBefore(to));
            };
            List<JsonNode> expected = new ArrayList<>(all.stream()
                    .filter(wanted)
                    .sorted(Comparator.comparing((JsonNode outcome) ->
                                    outcome.path("timestamp").asText())
                            .thenComparing(outcome -> outcome.path("sequence").asLong()))
                    .toList());
            if (newestFirst) {
                Collections.reverse(expected);
            }
            assertThat(paged).as(query).isEqualTo(expected);
            BigDecimal sum = all.stream()
                    .filter(outcome ->
                            !Instant.parse(outcome.path("timestamp").asText()).isAfter(to))
                    .map(outcome -> new BigDecimal(outcome.path("delta").asText()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(new BigDecimal(json(api.get("/v1/user/pages/balance?date=" + to))
                            .path("balance")
                            .asText()))
                    .isEqualByComparingTo(sum);
        }
    }

    private static List<JsonNode> pages(String path) {
        List<JsonNode> items = new ArrayList<>();
        JsonNode page = json(api.get(path));
        page.path("items").forEach(items::add);
        while (page.path("next_cursor").isTextual()) {
            // The cursor alone, with or without what it was given for.
            String cursor = "cursor=" + page.path("next_cursor").asText();
            page = json(
                    api.get(items.size() % 2 == 0 ? path + "&" + cursor : path.replaceAll("\\?.*", "") + "?" + cursor));
            page.path("items").forEach(items::add);
        }
        return items;
    }

    @Test
    void shouldRefuseACursorThatIsNotItsOwn() {
        // Given
        for (int i = 0; i < 3; i++) {
            api.post(deposit(UUID.randomUUID(), "cursor", "1"));
            api.post(deposit(UUID.randomUUID(), "cursor2", "1"));
        }
        String cursor = json(api.get("/v1/user/cursor/transactions?limit=1&order=desc"))
                .path("next_cursor")
                .asText();
        char changed = cursor.charAt(10) == 'A' ? 'B' : 'A';

        // Then
        String path = "/v1/user/cursor/transactions?cursor=";
        assertThat(json(api.get(path + cursor)).path("items").size()).isEqualTo(2);
        assertProblem(
                api.get(path + cursor.substring(0, 10) + changed + cursor.substring(11)),
                ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path + cursor.substring(1)), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path + "AAAA"), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path.replace("cursor/", "cursor2/") + cursor), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path + cursor + "&order=asc"), ProblemCode.INVALID_PARAMETER);
        StatementCursor unknownCurrency =
                new StatementCursor(Statement.all(new Account("cursor", "ABCDEFGH")), new TimelinePosition(1, 1));
        assertProblem(api.get(path + unknownCurrency.toText()), ProblemCode.INVALID_PARAMETER);
        assertProblem(api.get(path + cursor + "&currency=EUR"), ProblemCode.INVALID_PARAMETER);
        for (String wrong : List.of("limit=0", "limit=501", "limit=x", "status=open", "order=up", "from=x", "to=x")) {
            assertProblem(api.get("/v1/user/cursor/transactions?" + wrong), ProblemCode.INVALID_PARAMETER);
        }
        assertThat(api.get("/v1/user/cursor/transactions?currency=EUR").body())
                .isEqualTo("{\"items\":[],\"next_cursor\":null}");
    }
}

package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static io.tally.http.Api.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A uid that comes again over HTTP: its first answer stands, once and for ever. */
class RepeatsIT extends ApiCases {
    @Test
    void shouldReplayTheFirstAnswerByteForByte() {
        // Given
        UUID uid = UUID.randomUUID();
        HttpResponse<String> first = api.post(deposit(uid, "replay", "1.50"));
        api.post(deposit(UUID.randomUUID(), "replay", "1"));

        // When
        HttpResponse<String> again =
                api.send("PUT", "/v1/transaction", deposit(uid, "replay", "1.500"), "traceparent", "nonsense");

        // Then
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(position(again)).isEqualTo(position(first));
    }

    @Test
    void shouldStayRejectedWhenFundsArrive() {
        // Given
        UUID uid = UUID.randomUUID();
        HttpResponse<String> first = api.post(withdrawal(uid, "poor", "1"));
        assertThat(api.post(deposit(UUID.randomUUID(), "poor", "100")).statusCode())
                .isEqualTo(200);

        // When
        HttpResponse<String> again = api.post(withdrawal(uid, "poor", "1"));

        // Then
        assertProblem(again, ProblemCode.INSUFFICIENT_FUNDS);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(balance("poor")).isEqualTo("100.00");
    }

    @Test
    void shouldNameTheFieldOfAConflict() {
        // Given
        UUID uid = UUID.randomUUID();
        HttpResponse<String> first = api.post(deposit(uid, "conflict", "1"));

        // When
        HttpResponse<String> other = api.post(deposit(uid, "conflict", "2"));

        // Then
        assertProblem(other, ProblemCode.UID_CONFLICT);
        assertThat(pointer(other)).isEqualTo("/amount");
        assertThat(position(other)).isEqualTo(position(first));
        assertThat(pointer(api.post(withdrawal(uid, "conflict", "1")))).isEqualTo("/type");
        assertThat(api.post(deposit(uid, "conflict-other-user", "2")).statusCode())
                .isEqualTo(200);
        assertProblem(api.get("/v1/transaction/" + uid), ProblemCode.AMBIGUOUS_UID);
        assertThat(api.get("/v1/transaction/" + uid + "?user_id=conflict").body())
                .isEqualTo(first.body());
    }

    @Test
    void shouldWriteNothingForARepeatOrAConflict() {
        // Given
        UUID accepted = UUID.randomUUID();
        UUID rejected = UUID.randomUUID();
        api.post(deposit(accepted, "written", "1"));
        api.post(withdrawal(rejected, "written", "2"));
        int input = recordsOf(rig.topics().input());
        int deadLetters = recordsOf(rig.topics().deadLetters());

        // When
        List<HttpResponse<String>> answers = List.of(
                api.post(deposit(accepted, "written", "1")),
                api.post(withdrawal(rejected, "written", "2")),
                api.post(deposit(accepted, "written", "2")));

        // Then
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 402, 409);
        assertThat(recordsOf(rig.topics().input())).isEqualTo(input);
        assertThat(recordsOf(rig.topics().deadLetters())).isEqualTo(deadLetters);
    }

    private static int recordsOf(String topic) {
        return rig.readAll(topic).size();
    }

    @Test
    void shouldLetOneOfTwoWinThatUseAUidAtTheSameTime() {
        for (int round = 0; round < 20; round++) {
            // Given
            UUID uid = UUID.randomUUID();
            String user = "race-" + round;

            // When
            var one = api.postLater(deposit(uid, user, "1"));
            var two = api.postLater(deposit(uid, user, "2"));

            // Then
            List<HttpResponse<String>> answers = List.of(one.join(), two.join());
            assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
            int winner = answers.get(0).statusCode() == 200 ? 0 : 1;
            assertThat(json(answers.get(winner)).path("amount").asText()).isEqualTo(winner == 0 ? "1.00" : "2.00");
            assertProblem(answers.get(1 - winner), ProblemCode.UID_CONFLICT);
            assertThat(pointer(answers.get(1 - winner))).isEqualTo("/amount");
            assertThat(balance(user)).isEqualTo(winner == 0 ? "1.00" : "2.00");
        }
    }

    @Test
    void shouldGiveOneOutcomeToTwentyOfTheSame() {
        // Given
        UUID uid = UUID.randomUUID();

        // When
        List<HttpResponse<String>> answers =
                Stream.generate(() -> api.postLater(deposit(uid, "twenty", "1"))).limit(20).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        // Then
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers)
                .extracting(HttpResponse::body)
                .containsOnly(answers.get(0).body());
        assertThat(answers)
                .filteredOn(answer ->
                        answer.headers().firstValue("Idempotent-Replayed").isEmpty())
                .hasSize(1);
        assertThat(balance("twenty")).isEqualTo("1.00");
    }

    @Test
    void shouldTakeTheKeyAsTheUid() {
        // Given
        UUID uid = UUID.randomUUID();
        String body = "{\"type\":\"DEPOSIT\",\"user_id\":\"key\",\"amount\":\"1\"}";

        // When
        HttpResponse<String> first = api.post(body, "Idempotency-Key", uid.toString());

        // Then
        assertThat(json(first).path("uid").asText()).isEqualTo(uid.toString());
        assertThat(api.post(body, "Idempotency-Key", "\"" + uid + "\"").body()).isEqualTo(first.body());
        assertThat(api.post(deposit(uid, "key", "1"), "Idempotency-Key", uid.toString())
                        .body())
                .isEqualTo(first.body());
        assertProblem(
                api.post(
                        deposit(uid, "key", "1"),
                        "Idempotency-Key",
                        UUID.randomUUID().toString()),
                ProblemCode.INVALID_PARAMETER);
        assertProblem(api.post(body, "Idempotency-Key", "no uid"), ProblemCode.INVALID_PARAMETER);
        HttpResponse<String> without = api.post(body);
        assertProblem(without, ProblemCode.INVALID_COMMAND);
        assertThat(pointer(without)).isEqualTo("/uid");
    }
}

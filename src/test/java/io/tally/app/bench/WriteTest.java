package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteTest {
    private static final HttpTarget TARGET = new HttpTarget(URI.create("http://localhost:1"));

    private final User user = new User("ada");
    private final Write deposit = Write.of(TARGET, user, 30, new SplittableRandom(1));
    private final Write withdrawal = Write.of(TARGET, user, -30, new SplittableRandom(2));

    @Test
    void shouldTakeAnAcceptedCommand() {
        // When
        String fault = answer(deposit, 200, outcome(deposit, "ada", "30.00", "130.00", 7));

        // Then
        assertThat(fault).isNull();
        assertThat(user.isKnown()).isTrue();
        assertThat(new String(deposit.request(), StandardCharsets.US_ASCII))
                .startsWith("POST /v1/transaction HTTP/1.1\r\n")
                .contains("\"type\":\"DEPOSIT\"", "\"amount\":\"30\"");
    }

    @Test
    void shouldTakeARejectedCommand() {
        // When
        String fault = answer(withdrawal, 402, "{\"outcome\":" + outcome(withdrawal, "ada", "0.00", "10.00", 2) + "}");

        // Then
        assertThat(fault).isNull();
        assertThat(user.isKnown()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ada,  31.00, 130.00, 7",
        "ada, -30.00, 130.00, 7",
        "ada,   0.00, 130.00, 7",
        "ada,  30.00,  -1.00, 7",
        "ada,  30.00, 130.00, 0",
        "bob,  30.00, 130.00, 7"
    })
    void shouldRefuseAnotherOutcome(String userId, String delta, String balance, long sequence) {
        // When
        String fault = answer(deposit, 200, outcome(deposit, userId, delta, balance, sequence));

        // Then
        assertThat(fault).isEqualTo("200 with another outcome");
        assertThat(user.isKnown()).isFalse();
    }

    @Test
    void shouldRefuseTheOutcomeOfAnotherCommand() {
        assertThat(answer(deposit, 200, outcome(withdrawal, "ada", "30.00", "130.00", 7)))
                .isEqualTo("200 with another outcome");
    }

    @Test
    void shouldRefuseAnOutcomeThatMovedNothing() {
        assertThat(answer(deposit, 402, outcome(deposit, "ada", "30.00", "130.00", 7)))
                .isEqualTo("402 with another outcome");
    }

    @Test
    void shouldNameOtherAnswersByTheirStatus() {
        assertThat(answer(deposit, 503, "{\"code\":\"unavailable\"}")).isEqualTo("503");
        assertThat(answer(deposit, 502, "<html>")).isEqualTo("502 without JSON");
    }

    private static @Nullable String answer(Write write, int status, String body) {
        return write.fault(new HttpAnswer(status, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String outcome(Write write, String userId, String delta, String balance, long sequence) {
        return "{\"uid\":%s,\"user_id\":\"%s\",\"delta\":\"%s\",\"balance\":\"%s\",\"sequence\":%d}"
                .formatted(write.json().get("uid"), userId, delta, balance, sequence);
    }
}
